"""Run Typst once, as JSON on standard input says; knows nothing of the site. Exit code 3: out of memory."""

import json
import resource
import sys
from datetime import datetime
from pathlib import Path

import typst


def main():
    asked = json.load(sys.stdin)
    most = asked["megabytes"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (asked["seconds"], asked["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    picture = {"format": "png", "ppi": asked["ppi"]}
    paper = {"format": "pdf", "pdf_standards": ["ua-1"]}
    try:
        typst.compile(
            asked["template"],
            output=asked["output"],
            root=str(Path(__file__).parent),  # a template reads no file elsewhere
            font_paths=[asked["fonts"]],
            ignore_system_fonts=True,
            sys_inputs={"data": asked["data"]},
            timestamp=datetime.fromisoformat(asked["timestamp"]),
            **(picture if asked["ppi"] else paper),
        )
    except MemoryError:
        sys.exit(3)
    except typst.TypstError as error:
        sys.exit(f"{error.message}\n{error.hints}\n{error.diagnostic}")


if __name__ == "__main__":
    main()
