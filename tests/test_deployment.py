"""What the files in docs/deployment promise, tried: nginx in front of a real server, units of systemd."""

import contextlib
import gzip
import http.client
import importlib.util
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time

import pytest
from django.core.management import get_commands, load_command_class

from scripts.site import ROOT, SETTINGS, stop

pytestmark = pytest.mark.any_database
FILES = ROOT / "docs" / "deployment"
HOST = "directory.example"


# As MemoryDenyWriteExecute= of the service, where the kernel knows it (Linux 6.3): PR_SET_MDWE.
SHUT_IN = [
    *(sys.executable, "-c"),
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])",
]


def program(name):
    """Return where the program `name` is; without it skip, or fail where .ci/run should have installed it."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if not found:
        installed = os.environ.get("CI") == "true" and name != "systemd-analyze"
        (pytest.fail if installed else pytest.skip)(f"{name} is not installed")
    return found


def free_ports(count):
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def listens(place):
    """Whether something listens at `place`, a port of this machine or the Path of a socket."""
    with contextlib.suppress(OSError):
        if isinstance(place, int):
            socket.create_connection(("127.0.0.1", place)).close()
        else:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(place))
        return True
    return False


@contextlib.contextmanager
def running(command, place, log, **options):
    """Run `command` until the end of the block; give it as soon as something listens at `place`."""
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **options)
    try:
        end = time.monotonic() + 60
        while not listens(place):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        stop(process)


@pytest.fixture(scope="module")
def nginx(tmp_path_factory, filled_site):
    """The site in production behind nginx as docs/deployment has it; gives {"http": port, "https": port}."""
    folder, (plain, tls, behind) = tmp_path_factory.mktemp("deployment"), free_ports(3)
    shutil.copytree(filled_site, folder, dirs_exist_ok=True)
    (folder / "settings_here.py").write_text(
        f"from aioffice.settings import *\nSTATIC_ROOT = '{folder}/static-collected'\n"
    )
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS} | {
        "DJANGO_SETTINGS_MODULE": "settings_here",
        "PYTHONPATH": f"{folder}:{ROOT}",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "CACHE_DIR": f"{folder}/cache",
        "SITE_URL": f"https://{HOST}",
        "SECRET_KEY": "made-up-for-this-test-" * 4,
        "BEHIND_TLS_PROXY": "1",
        "TRUSTED_PROXIES": "127.0.0.1,unix",
        "API_RATE": "4/day",
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "collectstatic", "--noinput"], cwd=ROOT, env=environment, check=True, stdout=-3)
    certificate = [
        "-out",
        folder / "fullchain.pem",
        "-keyout",
        folder / "privkey.pem",
        "-subj",
        f"/CN={HOST}",
    ]
    made = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ]
    subprocess.run([*made, "-addext", f"subjectAltName=DNS:{HOST}", *certificate], check=True, stderr=-3)
    environment["LISTEN"] = f"unix:{folder}/site.sock"
    if importlib.util.find_spec("aioffice.serve"):
        started, behind = [sys.executable, "-m", "aioffice.serve"], folder / "site.sock"
    else:
        started = [*manage, "runserver", "--noreload", f"127.0.0.1:{behind}"]
    with (
        running([*SHUT_IN, *started], behind, folder / "site.log", cwd=ROOT, env=environment),
        running(
            [program("nginx"), "-p", folder, "-c", written_for(folder, plain, tls, behind), "-e", "stderr"],
            tls,
            folder / "nginx.log",
        ),
    ):
        yield {"http": plain, "https": tls, "folder": folder}


def written_for(folder, plain, tls, behind):
    """Write the shipped files with the places and ports of this test; return the path of what nginx reads."""
    config = (FILES / "nginx.conf").read_text()
    at = f"127.0.0.1:{behind}" if isinstance(behind, int) else f"unix:{behind}"
    for shipped, here in [
        ("listen [::]:80 default_server;", ""),
        (r"listen \[::\]:\d+[^;]*;", ""),
        ("listen 80 ", f"listen 127.0.0.1:{plain} "),
        ("listen 443 ", f"listen 127.0.0.1:{tls} "),
        ("server unix:/run/directory/site.sock ", f"server {at} "),
        (f"/etc/letsencrypt/live/{HOST}/", f"{folder}/"),
        ("/srv/directory/", f"{folder}/"),
        ("/etc/nginx/directory-files.conf", f"{FILES}/nginx-files.conf"),
        ("/var/log/nginx/", f"{folder}/"),
    ]:
        new = re.sub(shipped, here, config) if "\\" in shipped else config.replace(shipped, here)
        assert new != config, shipped
        config = new
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\ninclude /etc/nginx/mime.types;\n"
        f"default_type application/octet-stream;\n{places}{config}}}\n"
    )
    return folder / "nginx.conf"


def ask(nginx, path, *lines, scheme="https", method="GET", name=HOST, source="127.0.0.1"):
    """Return (status, headers, body) of what nginx answers."""
    with contextlib.ExitStack() as stack:
        where = ("127.0.0.1", nginx[scheme])
        link = stack.enter_context(socket.create_connection(where, timeout=20, source_address=(source, 0)))
        if scheme == "https":
            context = ssl.create_default_context(cafile=nginx["folder"] / "fullchain.pem")
            link = stack.enter_context(context.wrap_socket(link, server_hostname=name))
        head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Connection: close", *lines]
        link.sendall("".join(f"{line}\r\n" for line in [*head, ""]).encode())
        response = stack.enter_context(http.client.HTTPResponse(link, method=method))
        response.begin()
        return response.status, response.headers, response.read()


def test_nginx_as_shipped_serves_the_site_by_tls_and_sends_others_there(nginx):
    status, headers, _ = ask(nginx, "/units/?on=2024-07-01", scheme="http")
    assert (status, headers["Location"]) == (301, f"https://{HOST}/units/?on=2024-07-01")
    status, headers, body = ask(nginx, "/units/", "Accept-Encoding: gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert b"AI Office" in gzip.decompress(body)
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Server"] == "nginx"
    document, packed = "/editions/2024-06-16.1/document.json", "Accept-Encoding: gzip"
    again = f"If-None-Match: {ask(nginx, document, packed)[1]['ETag']}"
    assert ask(nginx, document, packed, again)[0] == 304
    with pytest.raises(ssl.SSLError):
        ask(nginx, "/", name="another.example")
    # What compiled code does works shut in as the service is.
    assert b"AI Safety" in ask(nginx, "/search/?q=safety")[2]
    assert ask(nginx, "/units/ai-office/chart.pdf")[2].startswith(b"%PDF")
    # Whoever watches the site asks from this machine.
    assert ask(nginx, "/health/ready/")[0] == 200

    # Files are compressed before, kept for ever, and as guarded as pages.
    page = ask(nginx, "/")[2].decode()
    file = re.search(r'href="(/static/units/site\.[0-9a-f]{12}\.css)"', page)[1]
    status, headers, body = ask(nginx, file, "Accept-Encoding: gzip")
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert body == (nginx["folder"] / "static-collected" / f"{file.removeprefix('/static/')}.gz").read_bytes()
    guards = ["Cross-Origin-Resource-Policy", "Cross-Origin-Embedder-Policy", "X-Content-Type-Options"]
    assert [headers[name] for name in guards] == ["same-origin", "require-corp", "nosniff"]
    assert "immutable" not in ask(nginx, "/static/units/site.css")[1]["Cache-Control"]
    assert ask(nginx, "/static/../settings_here.py")[0] in (400, 404)

    # Too much is refused at once.
    for expected, asked in {
        414: {"path": "/?q=" + "a" * 20_000},
        431: {"path": "/", "lines": ["X-Long: " + "a" * 20_000]},
        413: {"path": "/search/", "lines": ["Content-Length: 4000000"], "method": "POST"},
        400: {"path": "/" + "a" * 2_000},
        405: {"path": file, "method": "POST", "lines": ["Content-Length: 0"]},
    }.items():
        begun = time.monotonic()
        lines = asked.pop("lines", [])
        assert ask(nginx, asked.pop("path"), *lines, **asked)[0] == expected
        assert time.monotonic() - begun < 5
    files = "/admin/units/edition/check/"
    assert ask(nginx, files, "Content-Length: 220000000", method="POST")[0] == 413

    # Clients are told apart by their own address, whatever they claim.
    claims = [f"X-Forwarded-For: 192.0.2.{number}" for number in range(5)]
    asked = [ask(nginx, "/api/v1/units/", claim, source="127.0.0.2")[0] for claim in claims]
    assert asked == [200, 200, 200, 200, 429]
    assert ask(nginx, "/api/v1/units/", source="127.0.0.3")[0] == 200
    log = (nginx["folder"] / "directory.log").read_text()
    assert "127.0.0." not in log
    assert "on=" not in log


UNITS = [file.name for file in sorted(FILES.iterdir()) if file.suffix in {".service", ".timer"}]


def test_units_of_systemd_are_as_systemd_wants_them(tmp_path):
    for name in UNITS:
        text = (FILES / name).read_text()
        assert f"/etc/systemd/system/{name}" in text.splitlines()[0]
        # What they start is not on this machine.
        (tmp_path / name).write_text(text.replace("/srv/directory/.venv/bin/python", "/bin/true"))
    command = [program("systemd-analyze"), "verify", *(tmp_path / name for name in UNITS)]
    done = subprocess.run(command, capture_output=True, text=True)
    said = [
        line for line in done.stderr.splitlines() if str(tmp_path) in line or line.startswith("directory")
    ]
    assert said == []


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_services_are_shut_in(name):
    command = [program("systemd-analyze"), "security", "--offline=true", "--threshold=20", FILES / name]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_what_services_run_is_there(name):
    for line in re.findall(r"^Exec\w+=\S+/python (.+)$", (FILES / name).read_text(), re.M):
        what, *arguments = line.split()
        if what == "manage.py":
            command = load_command_class(get_commands()[arguments[0]], arguments[0])
            command.create_parser("manage.py", arguments[0]).parse_args(arguments[1:])
        elif arguments[0] != "aioffice.serve":
            assert importlib.util.find_spec(arguments[0])
