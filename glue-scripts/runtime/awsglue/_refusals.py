# Refusing by name: what AWS documents and this runtime does not do must say so, never pass silently.

GUIDE = "https://docs.aws.amazon.com/glue/latest/dg/"


def not_implemented(what: str, page: str) -> NotImplementedError:
    """The error for a documented feature that this runtime lacks; `page` is a page of the AWS Glue Developer Guide."""
    return NotImplementedError(f"{what} is not implemented by Boathouse's local awsglue ({GUIDE}{page}.html)")


def refuse_unknown(what: str, given: dict, known: set[str], page: str) -> None:
    """Raises for the first key of `given` that is not in `known`: an option with an unknown effect is not ignored."""
    for name in given:
        if name not in known:
            raise not_implemented(f"{what}: the option {name!r}", page)


class RefusesByName:
    """Base of the classes that name their documented, missing methods in `MISSING` ({method: page})."""

    MISSING: dict[str, str] = {}

    def __getattr__(self, name: str):
        # Called only where normal look-up fails, so an implemented method never comes here.
        page = type(self).MISSING.get(name)
        if page is not None:
            raise not_implemented(f"{type(self).__name__}.{name}", page)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
