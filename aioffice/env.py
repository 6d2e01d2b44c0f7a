"""Settings from the environment: read, or refused in one sentence."""

import contextlib
import ipaddress
import os
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

# A name, or an address, of IPv6 too; no "*", which would let every host in.
HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
RATE = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
FEWEST_CHARACTERS, FEWEST_DIFFERENT = 50, 10  # of a secret


def env_bool(name, default):
    """Return the variable `name` as a bool; anything but 0/1, true/false, yes/no is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def env_list(name, default):
    """Return the comma-separated variable `name` as a list of strings without blanks."""
    if name not in os.environ:
        return default
    return [part.strip() for part in os.environ[name].split(",") if part.strip()]


def env_hosts(name, default):
    """Return the comma-separated variable `name`, names or addresses of hosts, as a list; refuse others."""
    hosts = env_list(name, default) or default
    for host in hosts:
        if not HOST.fullmatch(host.strip("[]").lower()):
            raise ImproperlyConfigured(
                f"{name} has {host!r}: write hosts such as directory.example, with commas between them."
            )
    return hosts


def env_networks(name, default):
    """Return the comma-separated variable `name`: (its addresses and networks, whether `unix` is among them).

    Refuses others, and networks that hold everybody.
    """
    parts = env_list(name, default) or default
    try:
        networks = [ipaddress.ip_network(part) for part in parts if part != "unix"]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. Write addresses or networks such as 10.0.0.0/24, or unix for a socket."
        ) from None
    if any(network.prefixlen == 0 for network in networks):
        raise ImproperlyConfigured(f"{name} holds every address there is: name your proxies only.")
    return networks, "unix" in parts


def env_url(name, default):
    """Return the variable `name`, an http(s) address without path or user, split by urllib; refuse others."""
    value = os.environ.get(name, "").strip() or default
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        parts, port_is_fine = None, False
    if (
        not port_is_fine
        or parts.scheme not in {"http", "https"}
        or not HOST.fullmatch(parts.hostname or "")
        or "@" in parts.netloc
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write an address such as https://directory.example."
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: a public site is reached by https; write https://{parts.netloc}."
        )
    return parts


def env_contact(name):
    """Return the variable `name`, a mail address or an https address, or an empty string; refuse others."""
    value = os.environ.get(name, "").strip()
    try:
        parts = urlsplit(value)
        is_address = parts.scheme == "https" and bool(HOST.fullmatch(parts.hostname or ""))
        is_address = is_address and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        is_address = False
    if value and not MAIL.fullmatch(value) and (not is_address or re.search(r"[\s<>\"]", value)):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write a mail address, or an address such as https://directory.example/errors."
        )
    return value


def env_number(name, default, least, most):
    """Return the variable `name`, a whole number from `least` to `most`; refuse others."""
    value = os.environ.get(name, "").strip() or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {least} to {most}.")
    return int(value)


def env_place(name, default):
    """Return where to listen, the variable `name`: (address, port) or the Path of a socket; refuse others.

    An empty `default` and no value give None.
    """
    value = os.environ.get(name, "").strip() or default
    if not value:
        return None
    if value.startswith("unix:/"):
        return Path(value.removeprefix("unix:"))
    address, _colon, port = value.rpartition(":")
    try:
        return str(ipaddress.ip_address(address.strip("[]"))), _port(port)
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write an address and a port such as 127.0.0.1:8000, or unix:/run/socket."
        ) from None


def env_redis(name):
    """Return the variable `name`, the address of a Redis server, or an empty string; refuse others."""
    value = os.environ.get(name, "").strip()
    try:
        parts = urlsplit(value)
        is_redis = parts.scheme in {"redis", "rediss"} and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        is_redis = False
    if value and not is_redis and not value.startswith("unix:///"):
        raise ImproperlyConfigured(
            f"{name}: write redis://host:6379/0, rediss://… or unix:///path/to/socket."
        )
    return value


def _port(text):
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text) or int(text) > 65_535:
        raise ValueError
    return int(text)


def env_rate(name, default):
    """Return the variable `name`, a number per second, minute, hour or day; empty where it is 0: no limit."""
    value = os.environ.get(name, default).strip()
    if value in {"", "0"}:
        return ""
    if not RATE.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}: write a rate such as 600/minute, or 0 for no limit."
        )
    return value


def env_folder(name):
    """Return the variable `name`, the whole path of a folder, or an empty string; refuse others.

    The folder need not be there: what is kept in it may be on another disk that is not there now.
    """
    value = os.environ.get(name, "").strip()
    if value and (not Path(value).is_absolute() or (Path(value).exists() and not Path(value).is_dir())):
        raise ImproperlyConfigured(f"{name} is {value!r}: write the whole path of a folder.")
    return value


def env_secrets(name):
    """Return the comma-separated variable `name`, each part a secret as env_secret() wants it, as a list."""
    return [_good_secret(name, part) for part in env_list(name, [])]


def env_secret(name, fallback_file):
    """Return the variable `name`, at least 50 characters.

    Where it is not set, `fallback_file` (a Path, or None where there must be no fallback) is read, and
    made with a random secret the first time.
    """
    value = os.environ.get(name, "")
    if value:
        return _good_secret(name, value)
    if fallback_file is None:
        raise ImproperlyConfigured(
            f"{name} is not set: a public site needs its own secret of 50 characters or more."
        )
    return _kept_secret(fallback_file)


def _good_secret(name, value):
    if len(value) < FEWEST_CHARACTERS:
        raise ImproperlyConfigured(f"{name} has {len(value)} characters: make it 50 or more, at random.")
    if len(set(value)) < FEWEST_DIFFERENT or value.startswith("django-insecure-"):
        raise ImproperlyConfigured(f"{name} can be guessed: make it 50 characters or more, at random.")
    return value


def _kept_secret(path: Path):
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written beside its place and then put there whole: another process may read it at this moment.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
