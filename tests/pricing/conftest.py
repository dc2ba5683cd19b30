"""Property tests judge values, not the speed of a busy machine."""

from hypothesis import settings

settings.register_profile("rielquote", deadline=None)
settings.load_profile("rielquote")
