"""What the README and the guides say of commands, settings and files is so."""

import re
import shlex
import subprocess
import sys
import tomllib

import pytest
from django.core.management import get_commands, load_command_class

from scripts.site import ROOT, SETTINGS

pytestmark = pytest.mark.any_database
DOCS = ROOT / "docs"
TEXTS = [*ROOT.glob("*.md"), *DOCS.glob("*.md")]
ROOMS = ("aioffice", "units", "templates", "fixtures", "tests", "bench", "scripts", "docs")
GUIDE = (ROOT / "docs" / "deployment.md").read_text()
FILES = ROOT / "docs" / "deployment"
READ = re.compile(r'(?:env_\w+|environ\.get)\(\s*"([A-Z][A-Z_]+)"|environ\["([A-Z][A-Z_]+)"\]')
OWN = {file.stem for file in (ROOT / "units" / "management" / "commands").glob("[a-z]*.py")}


def table(name):
    """Return the first cells of the tables in the page `name` of docs/."""
    return re.findall(r"^\| (`.+?) \|", (DOCS / f"{name}.md").read_text(), re.M)


def test_the_table_of_settings_has_exactly_those_that_the_code_reads():
    read = {
        "".join(found)
        for file in (ROOT / "aioffice").glob("*.py")
        for found in READ.findall(file.read_text())
    }
    said = [name for cell in table("settings") for name in re.findall(r"[A-Z][A-Z_]+", cell)]
    assert sorted(said) == sorted(read)
    assert sorted(SETTINGS) == sorted(read)


def test_the_table_of_commands_has_exactly_those_that_there_are():
    said = {cell.split()[1].strip("`") for cell in table("commands") if cell.startswith("`manage.py")}
    assert said == OWN - {"migrate"}  # Django's own, which keeps the triggers too


def test_what_the_makefile_and_the_benches_are_called_is_so():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    texts = "\n".join(file.read_text() for file in TEXTS)
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


def commands_in(text):
    """Yield the words of every `manage.py …` in `text`, in its blocks and in its sentences."""
    blocks = re.findall(r"^manage\.py (.+?)(?:  +#.*)?$", text, re.M)
    for line in [*blocks, *re.findall(r"`manage\.py ([a-z][^`]*)`", text)]:
        yield shlex.split(line.replace("[", "").replace("]", ""))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_every_command_of_a_text_is_understood(file):
    for name, *arguments in commands_in(file.read_text()):
        command = load_command_class(get_commands()[name], name)
        if arguments:  # else it is only named
            words = ["1" if word == "NUMBER" else word for word in arguments]
            command.create_parser("manage.py", name).parse_args(words)


def test_what_the_how_to_looks_for_is_found():
    found = re.findall(r"`(grep [^`]+)`", (DOCS / "how-to.md").read_text())
    assert found
    for line in found:
        assert subprocess.run(shlex.split(line), cwd=ROOT, capture_output=True).stdout, line


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_every_file_that_a_text_links_to_is_there(file):
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text()):
        assert (file.parent / link).exists(), link


@pytest.mark.parametrize("name", ["README", "CONTRIBUTING", "docs/tour", "docs/how-to", "docs/design"])
def test_every_file_that_a_text_about_the_code_names_is_there(name):
    named = re.findall(rf"`((?:{'|'.join(ROOMS)})/[\w./-]+)`", (ROOT / f"{name}.md").read_text())
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", ["tour", "how-to"])
def test_what_a_text_names_in_a_file_stands_there(name):
    text = " ".join((DOCS / f"{name}.md").read_text().split())
    named = re.findall(r"`([A-Za-z_]\w+)`(?: in| of|,)? \(?`((?:units|scripts|aioffice)/[\w/.]+\.py)`", text)
    assert len(named) > 5
    for word, file in named:
        assert re.search(rf"\b{word}\b", (ROOT / file).read_text()), (word, file)


def test_every_page_of_the_documentation_is_told_of():
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)", (ROOT / "README.md").read_text()))
    assert linked == {file.name for file in DOCS.glob("*.md")}
    told = GUIDE.replace("directory*.service", " ".join(file.name for file in FILES.glob("*.service")))
    told = told.replace("directory*.timer", " ".join(file.name for file in FILES.glob("*.timer")))
    assert [file.name for file in FILES.iterdir() if file.name not in told] == []


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_headings_that_are_linked_are_there(file):
    text = file.read_text()
    for path, heading in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
        there = (file.parent / path).read_text() if path else text
        anchors = {
            re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
            for line in re.findall(r"^#+ (.+)$", there, re.M)
        }
        assert heading in anchors | set(re.findall(r'id="([^"]+)"', there)), f"#{heading}"


def test_the_readme_is_one_screen_before_its_table_of_packages():
    text = (ROOT / "README.md").read_text()
    before, _, packages = text.partition("\n## What it stands on\n")
    assert len(before.splitlines()) < 80
    listed = {name for cell in re.findall(r"^\| ([^|]+) \| ", packages, re.M) for name in cell.split(", ")}
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    assert listed - {"package"} == {re.match(r"[\w.-]+", each)[0] for each in named}


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
