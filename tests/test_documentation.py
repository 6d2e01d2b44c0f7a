"""What the README and the guides say of commands, settings and files is so."""

import re
import shlex
import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class

from scripts.site import ROOT, SETTINGS

pytestmark = pytest.mark.any_database
README = (ROOT / "README.md").read_text()
GUIDE = (ROOT / "docs" / "deployment.md").read_text()
FILES = ROOT / "docs" / "deployment"
READ = re.compile(r'(?:env_\w+|environ\.get)\(\s*"([A-Z][A-Z_]+)"|environ\["([A-Z][A-Z_]+)"\]')
OWN = {file.stem for file in (ROOT / "units" / "management" / "commands").glob("[a-z]*.py")}


def table(heading):
    """Return the first cells of the README's table below `heading`."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (`.+?) \|", part, re.M)


def test_the_table_of_settings_has_exactly_those_that_the_code_reads():
    read = {
        "".join(found)
        for file in (ROOT / "aioffice").glob("*.py")
        for found in READ.findall(file.read_text())
    }
    said = [name for cell in table("Settings") for name in re.findall(r"[A-Z][A-Z_]+", cell)]
    assert sorted(said) == sorted(read)
    assert sorted(SETTINGS) == sorted(read)


def test_the_table_of_commands_has_exactly_those_that_there_are():
    said = {cell.split()[1].strip("`") for cell in table("Commands") if cell.startswith("`manage.py")}
    assert said == OWN - {"migrate"}  # Django's own, which keeps the triggers too


def test_what_the_makefile_and_the_benches_are_called_is_so():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    texts = "\n".join(file.read_text() for file in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
    assert set(re.findall(r"`make ([a-z]+)", texts)) <= targets
    for module in re.findall(r"python -m ((?:bench|scripts)\.\w+)", texts):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file(), module


def commands_of(text):
    """Yield the words of every `directory …` in the guide, in its blocks and in its sentences."""
    blocks = re.findall(r"^directory (.+?)(?:  +#.*)?$", text, re.M)
    for line in [*blocks, *re.findall(r"`directory ([a-z][^`]*)`", text)]:
        yield shlex.split(line.split(" && ")[0])


def test_every_command_of_the_guide_is_understood():
    found = list(commands_of(GUIDE))
    assert len(found) > 15
    for name, *arguments in found:
        command = load_command_class(get_commands()[name], name)
        if arguments:  # else it is only named
            words = ["1" if word == "NUMBER" else word for word in arguments]
            command.create_parser("manage.py", name).parse_args(words)


def test_the_sample_of_settings_has_only_those_that_there_are_and_is_one_to_a_shell():
    names = re.findall(r"^#? ?([A-Z][A-Z_]+)=", (FILES / "environment").read_text(), re.M)
    assert set(names) <= SETTINGS
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)`", GUIDE)) <= SETTINGS | {"CREATEDB"}
    script = f"set -eu; . {FILES}/environment; set -- $DATABASE_URL; test $# = 1"
    assert subprocess.run(["sh", "-c", script]).returncode == 0


def test_every_file_of_a_guide_is_there_and_is_told_of():
    for file in [
        ROOT / "README.md",
        ROOT / "SECURITY.md",
        ROOT / "CONTRIBUTING.md",
        *(ROOT / "docs").glob("*.md"),
    ]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
            assert (file.parent / link).exists(), f"{file.name}: {link}"
    told = GUIDE.replace("directory*.service", " ".join(file.name for file in FILES.glob("*.service")))
    told = told.replace("directory*.timer", " ".join(file.name for file in FILES.glob("*.timer")))
    assert [file.name for file in FILES.iterdir() if file.name not in told] == []


def test_headings_that_are_linked_are_there():
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        text = file.read_text()
        for path, heading in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
            there = (file.parent / path).read_text() if path else text
            anchors = {
                re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
                for line in re.findall(r"^#+ (.+)$", there, re.M)
            }
            assert heading in anchors | set(re.findall(r'id="([^"]+)"', there)), f"{file.name}: #{heading}"


def test_the_script_runs_a_command_with_the_settings(tmp_path):
    (tmp_path / "environment").write_text(
        f"DATABASE_URL='sqlite:///{tmp_path}/site.sqlite3'\nSITE_URL=http://localhost\n"
    )
    script = (FILES / "directory").read_text()
    for shipped, here in [
        ("/etc/directory/environment", f"{tmp_path}/environment"),
        ("/srv/directory", str(ROOT)),
        (
            "setpriv --reuid=directory --regid=directory --init-groups --no-new-privs .venv/bin/python",
            sys.executable,
        ),
    ]:
        assert shipped in script
        script = script.replace(shipped, here)
    done = subprocess.run(["sh", "-c", script, "directory", "check"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n")
