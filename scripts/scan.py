"""Lets two scanners that know nothing of the site look for weaknesses: `python -m scripts.scan ADDRESS`.

ADDRESS is that of a running site that may be asked a great deal. With a further argument, the cookies of
somebody who is signed in as a browser sends them, the admin is attacked too, which leaves nonsense behind.
Wapiti and sqlmap have to be installed; they are no part of this project: `pip install wapiti3 sqlmap`
elsewhere, and put the `bin` of that into PATH.
"""

import itertools
import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

# As a proxy in front of the site would say.
BY_TLS = "X-Forwarded-Proto: https"
# Neither those that need a server elsewhere to answer, nor those for LDAP and Spring: they take it for a
# finding that a bad value is refused (400) where a good one is not.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,permanentxss,redirect,shellshock,"
    "timesql,upload,xss"
)
# This one by itself and not at what is searched for: it asks for `x OR 76=76` and `x OR 76=140`, and takes it
# for a finding that the answers differ. To a search these are words, and the directory has the word 140.
COMPARING = "sql"
ASKED = [
    "/search/?q=sandboxes&kind=unit",
    "/tasks/?owner=ai-safety&part=responsible&theme=x&page=1",
    "/chart/?root=ai-office&depth=1&find=safety&open=ai-safety",
    f"/units/?on=2024-07-01&known={date.today()}",
    "/api/v1/units/?q=safety&kind=unit&parent=ai-office&ordering=name&limit=5&offset=0",
    "/api/v1/search/?q=sandboxes&kind=unit",
    "/api/v1/tree/?root=ai-office&depth=2",
    "/units.jsonld?q=safety&kind=unit&on=2024-07-01",
]


def wapiti(address, folder, cookies=""):
    """Return what wapiti says against the site: a list of sentences."""
    command = ["wapiti", "-u", f"{address}/", "-H", BY_TLS, "--no-bugreport", "--store-session", folder]
    command += ["-d", "4", "--max-links-per-page", "30", "--max-files-per-dir", "12"]
    command += ["--max-scan-time", "120", "--max-attack-time", "60"]
    command += ["-f", "json", "-o", folder / "wapiti.json"]
    if cookies:
        command += ["-C", cookies, "-s", f"{address}/admin/", "-x", f"{address}/admin/logout/"]
    found = []
    for more in (["-m", MODULES, "--flush-session"], ["-m", COMPARING, "--skip", "q", "--skip-crawl"]):
        subprocess.run([*command, *more], check=True, stdout=subprocess.DEVNULL)
        told = json.loads((folder / "wapiti.json").read_text())
        found += [*told["vulnerabilities"].items(), *told["anomalies"].items()]
    return [
        f"{kind}: {each['method']} {each['path']} {each['info']}" for kind, all_ in found for each in all_
    ]


def sqlmap(address, folder):
    """Return the addresses at which sqlmap says that it can put in SQL, with the end of what it said."""
    found = []
    for path, database in itertools.product(ASKED, ("SQLite", "PostgreSQL")):
        command = ["sqlmap", "-u", address + path, "--batch", "--level=2", "--risk=2", f"--dbms={database}"]
        command += ["--headers", BY_TLS, "--output-dir", folder, "--flush-session", "--disable-coloring"]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "all tested parameters do not appear to be injectable" not in said:
            found.append(f"{path}\n{said[-2_000:]}")
    return found


def main(address, cookies=""):
    """Run both, print what they found, and return how much that is."""
    lacking = [name for name in ("wapiti", "sqlmap") if not shutil.which(name)]
    if lacking:
        sys.exit(f"Not installed: {', '.join(lacking)}. See `python -m pydoc scripts.scan`.")
    with tempfile.TemporaryDirectory() as folder:
        found = [*wapiti(address, Path(folder), cookies), *sqlmap(address, Path(folder))]
    print("\n".join(found) or "Nothing was found.")
    return len(found)


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1].rstrip("/"), *sys.argv[2:])))
