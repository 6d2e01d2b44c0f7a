"""What can't be answered: said in JSON to programs, on a page to everybody else."""

from units.api import problems
from units.views import errors


def bad_request(request, exception):
    """Answer 400."""
    return (problems if problems.is_for_the_api(request) else errors).bad_request(request, exception)


def not_found(request, exception):
    """Answer 404."""
    return (problems if problems.is_for_the_api(request) else errors).not_found(request, exception)


def server_error(request):
    """Answer 500."""
    return (problems if problems.is_for_the_api(request) else errors).server_error(request)
