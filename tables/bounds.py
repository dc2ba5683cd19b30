"""Between which figures a table takes one: what its kind says, by path."""

from decimal import Decimal
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pricing.leaves import Bounds, Path
from tables.kinds import KINDS


@cache
def bounds(path: Path) -> Bounds:
    """Bounds of a figure, which has them on both sides.

    Args:
        path: the kind of the table, then the way to the figure in its content.
    """
    kind, *steps = path
    annotation: Any = KINDS[kind]
    limits: dict[str, Any] = {}
    for step in steps:
        model = _model(annotation)
        field = FieldInfo.from_annotation(get_args(annotation)[1]) if model is None else model.model_fields[step]
        annotation = field.annotation
        limits = {
            name: getattr(each, name)
            for each in field.metadata
            for name in ("ge", "gt", "le", "lt")
            if hasattr(each, name)
        }
    return Bounds(
        lower=Decimal(limits["ge"] if "ge" in limits else limits["gt"]),
        takes_lower="ge" in limits,
        upper=Decimal(limits["le"] if "le" in limits else limits["lt"]),
        takes_upper="le" in limits,
    )


def _model(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation names, if only as what a key may be left out for; None: it is a mapping's."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if annotation is dict or getattr(annotation, "__origin__", None) is dict:
        return None
    return next(each for each in map(_model, get_args(annotation)) if each is not None)
