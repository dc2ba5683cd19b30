"""What is wrong with some data, in pointers and sentences that repeat nothing of it."""

import time
from datetime import date, datetime
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model, model_validator
from pydantic_core import PydanticCustomError

from tables.kinds import KINDS
from tables.numbers import Age, Rate, Whole
from tables.validation import MAX_REASONS, reasons
from tests.tables.contents import NAMES, Path, at, nodes, replaced, shipped


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Person(_Closed):
    age: Age
    relation: Literal["member", "child"] = "member"
    nickname: Annotated[str, Field(max_length=5, pattern="^[a-z]+$")] = "x"


class _Leaf(_Closed):
    rate: Rate = Field(default="0", validate_default=True)


def _refuse(value: Any) -> Any:
    if value != "fine":
        raise PydanticCustomError("own", "must be {what}", {"what": "fine"})
    return value


class _Form(_Closed):
    slashed: Whole = Field(default=0, alias="a/b~c~1")
    persons: list[_Person] | None = Field(default=None, min_length=1, max_length=25)
    person: _Person | None = None
    by_name: dict[Literal["x", "y"], _Leaf] = {}
    by_code: dict[Annotated[str, Field(pattern="^[0-9]$")], Rate] | None = None
    by_word: dict[Annotated[str, Field(pattern="^[a-z]+$")], _Leaf] = {}
    flag: Annotated[bool, Field(strict=True)] = False
    count: Annotated[int, Field(gt=0, lt=10)] = 1
    own: Annotated[str, BeforeValidator(_refuse)] = "fine"
    some: Whole | list[Whole] = 0

    @model_validator(mode="after")
    def _together(self) -> "_Form":
        if self.flag and self.count != 5:
            raise ValueError("flag needs a count of 5")
        return self


def found(model: type[BaseModel], given_data: Any) -> list[tuple[str, str]]:
    """What is wrong with the data; something must be."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate(given_data)
    return reasons(refused.value, given_data, model)


_PERSON_FIELDS = "has an unknown field; its fields are age, nickname, relation"
_FORM_FIELDS = "a/b~c~1, by_code, by_name, by_word, count, flag, own, person, persons, some"


@pytest.mark.parametrize(
    ("data", "pointer", "sentence"),
    [
        ({"a/b~c~1": []}, "/a~1b~0c~01", "must be a whole number such as 2"),
        ({"x": 1}, "", f"has an unknown field; its fields are {_FORM_FIELDS}"),
        ({"person": {"age": 1, "x": 1}}, "/person", _PERSON_FIELDS),
        ({"persons": [{"age": 1}, {"age": 1, "x": 1}]}, "/persons/1", _PERSON_FIELDS),
        ({"by_name": {"x": {"z": 1}}}, "/by_name/x", "has an unknown field; its fields are rate"),
        ({"by_word": {"x": {"z": 1}}}, "/by_word/x", "has an unknown field; its fields are rate"),
        ({"by_name": {"z": {"rate": "9"}}}, "/by_name", "has an unknown key; its keys are 'x' or 'y'"),
        ({"by_code": {"zz": "x"}}, "/by_code", "has an unknown key; its keys are ^[0-9]$"),
        ({"by_code": {"1": "x"}}, "/by_code/1", 'must be a decimal such as "0.05": Western digits'),
        ({"by_name": {"x": {"rate": 2}}}, "/by_name/x/rate", "must be at most 1"),
        ({"person": {}}, "/person/age", "is required"),
        ({"persons": [{}]}, "/persons/0/age", "is required"),
        ({"persons": []}, "/persons", "must have at least 1 items"),
        ({"persons": [{"age": 1}] * 26}, "/persons", "must have at most 25 items"),
        ({"persons": {}}, "/persons", "must be a list"),
        ({"person": []}, "/person", "must be an object"),
        ({"by_name": []}, "/by_name", "must be an object"),
        ([], "", "must be an object"),
        (None, "", "must be an object"),
        ({"person": {"age": -1}}, "/person/age", "must be at least 0"),
        ({"person": {"age": "1"}}, "/person/age", "must be a whole number such as 2"),
        ({"person": {"age": 1, "relation": "x"}}, "/person/relation", "must be 'member' or 'child'"),
        ({"person": {"age": 1, "nickname": 1}}, "/person/nickname", "must be a string"),
        ({"person": {"age": 1, "nickname": "abcdef"}}, "/person/nickname", "must have at most 5 characters"),
        ({"person": {"age": 1, "nickname": "A"}}, "/person/nickname", "must match ^[a-z]+$"),
        ({"flag": 1}, "/flag", "must be true or false"),
        ({"count": 0}, "/count", "must be more than 0"),
        ({"count": 10}, "/count", "must be less than 10"),
        ({"own": "x"}, "/own", "must be fine"),
        ({"flag": True}, "", "flag needs a count of 5"),
    ],
)
def test_each_mistake_is_named_where_it_is(data: Any, pointer: str, sentence: str) -> None:
    ((where, what),) = found(_Form, data)
    assert where == pointer
    assert what.startswith(sentence)


def test_every_mistake_is_named_once() -> None:
    data = {"count": 0, "x": 1, "y": 2, "persons": [{"age": 121}, {}], "by_name": {"p": {}, "q": {"r": 1}}}
    assert found(_Form, data) == [
        ("/persons/0/age", "must be at most 120"),
        ("/persons/1/age", "is required"),
        ("/by_name", "has an unknown key; its keys are 'x' or 'y'"),
        ("/count", "must be more than 0"),
        ("", f"has an unknown field; its fields are {_FORM_FIELDS}"),
    ]


def test_the_members_of_a_union_are_not_in_the_pointer() -> None:
    assert {where for where, _ in found(_Form, {"some": ["x"]})} == {"/some", "/some/0"}


@pytest.mark.parametrize(("mistakes", "named"), [(1, 1), (19, 19), (20, 20), (21, 20), (25, 20)])
def test_at_most_20_mistakes_are_named(mistakes: int, named: int) -> None:
    assert MAX_REASONS == 20
    pointers = [where for where, _ in found(_Form, {"persons": [{"age": 121}] * mistakes})]
    assert pointers == [f"/persons/{number}/age" for number in range(named)]


def test_thousands_of_unknown_fields_cost_little() -> None:
    sent = {f"field {number}": number for number in range(7000)}
    start = time.process_time()
    assert found(KINDS["packages"], sent)[-1][1].startswith("has an unknown field")
    assert time.process_time() - start < 1


# A canary planted in the data must not sing in the answer.

_CANARY = "Sok~Dara/1985"
_CANARY_NUMBER = 918_273_645_000_000
_SIGNS = (_CANARY, "Sok", "Dara", "1985", "918273645", "9.18273645")

_VALID_FORM = {
    "a/b~c~1": 1,
    "persons": [{"age": 1}, {"age": 120, "relation": "child", "nickname": "abc"}],
    "person": {"age": 5},
    "by_name": {"x": {"rate": "0.5"}, "y": {}},
    "by_code": {"1": "0.5"},
    "flag": False,
    "count": 5,
    "own": "fine",
    "some": [1, 2],
}

birds = st.sampled_from(
    [_CANARY, _CANARY_NUMBER, -_CANARY_NUMBER, [_CANARY], {_CANARY: _CANARY}, {_CANARY: {_CANARY: None}}]
)


@st.composite
def planted(draw: st.DrawFn, content: Any) -> Any:
    """The content with one to four canaries, as keys and as values."""
    for _ in range(draw(st.integers(1, 4))):
        path, node = draw(st.sampled_from(list(nodes(content))))
        if isinstance(node, dict) and draw(st.booleans()):
            content = replaced(content, (*path, _CANARY), draw(st.sampled_from([node, _CANARY, None, {}, 1])))
        else:
            content = replaced(content, path, draw(birds))
    return content


def exists(data: Any, path: Path) -> bool:
    """Whether there is something at a path."""
    try:
        at(data, path)
    except (KeyError, IndexError, TypeError):
        return False
    return True


def resolved(data: Any, pointer: str) -> bool:
    """Whether a pointer leads to something in the data, or to where a key of an object is missing."""
    steps: list[str | int] = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for position, step in enumerate(steps):
        if isinstance(at(data, tuple(steps[:position])), list):
            steps[position] = int(step)
        elif not exists(data, tuple(steps[: position + 1])):
            return position == len(steps) - 1
    return exists(data, tuple(steps))


_MODELS = [(KINDS[shipped(name)[0]], shipped(name)[1]) for name in NAMES] + [(_Form, _VALID_FORM)]


@pytest.mark.parametrize(("model", "valid"), _MODELS, ids=[*NAMES, "form"])
@settings(deadline=None)
@given(data=st.data())
def test_nothing_of_the_data_is_repeated(model: type[BaseModel], valid: Any, data: st.DataObject) -> None:
    model.model_validate(valid)
    sent = data.draw(planted(valid))
    named = found(model, sent)
    assert 1 <= len(named) <= 20
    for pointer, sentence in named:
        assert not [sign for sign in _SIGNS if sign in pointer or sign in sentence], (pointer, sentence)
        assert resolved(sent, pointer), pointer


@pytest.mark.parametrize(
    "kind", [int, float, str, bool, date, datetime, list[int], set[int], tuple[int, str], Literal[1], None]
)
@pytest.mark.parametrize("sent", [_CANARY, [_CANARY], {_CANARY: _CANARY}, {"1": _CANARY}])
def test_no_sentence_of_pydantic_repeats_a_value(kind: Any, sent: Any) -> None:
    model = create_model("Model", field=(list[kind], ...))
    for pointer, sentence in found(model, {"field": [sent, object()]}):
        assert pointer.startswith("/field")
        assert not [sign for sign in _SIGNS if sign in sentence]
