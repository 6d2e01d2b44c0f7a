"""What OpenAPI can't say of our parameters, said to schemathesis."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Ask for an edition or for a day, not for both: no schema can tell that one parameter excludes others.

    Only where schemathesis means to ask rightly; what is wrong stays wrong.
    """
    asked = case.query or {}
    if case.meta.generation.mode.is_positive and "edition" in asked:
        for name in {"on", "known"} & set(asked):
            del asked[name]
