"""Ask Lighthouse about pages as a phone sees them: `python -m bench.lighthouse`, with npm and a Chromium.

The production server shows the first edition; a page's performance is the median of some visits, its other
scores do not change from one to the next. With --store the scores are written into docs/speed.md.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from bench.report import DOCS, machine
from bench.serving import SITE, environment_of, running
from bench.words import LIGHTHOUSE, put_into
from scripts.site import chromium, fill, manage

PAGES = {
    "home": "/",
    "unit": "/units/ai-office/",
    "chart": "/chart/",
    "search": "/search/?q=fines",
    "timeline": "/timeline/",
}
VISITS = 3
ATTEMPTS = 3
LEAST = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
}


def main():
    parser = argparse.ArgumentParser(
        prog="python -m bench.lighthouse", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--store", action="store_true", help="write the scores into docs/speed.md")
    asked = parser.parse_args()
    npx, browser = shutil.which("npx"), chromium()
    if not npx or not browser:
        sys.exit("Lighthouse needs npm and a Chromium.")
    rows, low = [], []
    with tempfile.TemporaryDirectory() as folder:
        # A browser trusts its own machine as it trusts a site that is reached by TLS.
        more = {"ALLOWED_HOSTS": f"{SITE},localhost", "BENCH_WITHOUT_PROXY": "1"}
        environment = environment_of(folder, f"sqlite:///{folder}/site.sqlite3", **more)
        fill(environment)
        manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
        with running(environment, f"{folder}/log") as server:
            for name, page in PAGES.items():
                scores, metrics, lacking = seen(server, page, npx, browser["executable_path"])
                rows.append((name, scores, metrics))
                print(
                    f"{name:10}{''.join(f'{score:>5.0f}' for score in scores.values())}  {metrics}",
                    flush=True,
                )
                for audit in lacking:
                    print(f"{'':12}{audit}")
                low += [f"{name} ({kind})" for kind, score in scores.items() if score < LEAST[kind]]
    if asked.store:
        page = (DOCS / "speed.md").read_text()
        (DOCS / "speed.md").write_text(put_into(page, LIGHTHOUSE, table(rows)))
    if low:
        sys.exit(f"Too low: {', '.join(low)}")


def table(rows):
    """Yield the lines of the table of `rows`."""
    names = " | ".join(kind.replace("-", " ") for kind in LEAST)
    yield f"| page | {names} | performance in detail |"
    yield f"|---|{'--:|' * len(LEAST)}---|"
    for name, scores, metrics in rows:
        yield f"| {name} | {' | '.join(f'{score:.0f}' for score in scores.values())} | {metrics} |"
    yield ""
    told = machine()
    yield f"At a load of {told['load']} on {told['cores']} cores; a busy machine blocks a page for longer."


def seen(server, page, npx, browser):
    """Return ({category: score}, the metrics of the middle visit in words, what lacks points) of `page`."""
    visits = [
        visit(server, page, npx, browser, list(LEAST) if number == 0 else ["performance"])
        for number in range(VISITS)
    ]
    scores = {kind: 100 * (each["score"] or 0) for kind, each in visits[0]["categories"].items()}
    performance = [100 * each["categories"]["performance"]["score"] for each in visits]
    scores = {kind: scores[kind] for kind in LEAST} | {"performance": statistics.median(performance)}
    middle = sorted(visits, key=lambda each: each["categories"]["performance"]["score"])[VISITS // 2]
    metrics = [f"{name} {middle['audits'][key]['displayValue']}" for key, name in METRICS.items()]
    lacking = [
        f"{kind}: {visits[0]['audits'][audit['id']]['title']}"
        for kind, category in visits[0]["categories"].items()
        for audit in category["auditRefs"]
        if audit["weight"]
        and (visits[0]["audits"][audit["id"]]["score"] or 0) < 1
        and visits[0]["audits"][audit["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    ]
    return scores, ", ".join(metrics).replace("\xa0", " "), lacking


def visit(server, page, npx, browser, categories):
    """Return what Lighthouse reports of one first visit of `page`."""
    address = server.address.replace("127.0.0.1", "localhost") + page
    flags = "--headless=new --no-sandbox"
    told = ["--quiet", "--output=json", f"--only-categories={','.join(categories)}"]
    proxy = ["--extra-headers", json.dumps({"X-Forwarded-Proto": "https"})]
    command = [npx, "--yes", "lighthouse", address, *told, *proxy, f"--chrome-flags={flags}"]
    environment = os.environ | {"CHROME_PATH": browser}
    for _attempt in range(ATTEMPTS):  # now and then the browser is gone before it has begun
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if not done.returncode:
            return json.loads(done.stdout)
    sys.exit(f"Lighthouse did not get through {page}: {done.stderr[-500:]}")


if __name__ == "__main__":
    main()
