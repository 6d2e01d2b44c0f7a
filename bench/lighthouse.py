"""Ask Lighthouse about pages as a phone sees them: `python -m bench.lighthouse`, with npm and a Chromium.

The production server shows the first edition; the score of a page is the median of some visits.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from bench.serving import SITE, environment_of, running
from scripts.site import chromium, fill

PAGES = ["/", "/units/ai-office/", "/chart/", "/search/?q=fines"]
VISITS, LEAST = 3, 99
METRICS = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest paint",
    "total-blocking-time": "blocked",
    "cumulative-layout-shift": "shift",
}


def main():
    npx, browser = shutil.which("npx"), chromium()
    if not npx or not browser:
        sys.exit("Lighthouse needs npm and a Chromium.")
    low = []
    with tempfile.TemporaryDirectory() as folder:
        environment = environment_of(folder, f"sqlite:///{folder}/site.sqlite3")
        fill(environment)
        manage_static(environment)
        with running(environment, f"{folder}/log") as server:
            for page in PAGES:
                visits = [visit(server, page, npx, browser["executable_path"]) for _ in range(VISITS)]
                score = statistics.median(score for score, _told in visits)
                print(f"{page:24}{score:>5.0f}  {sorted(visits)[len(visits) // 2][1]}", flush=True)
                low += [page] if score < LEAST else []
    if low:
        sys.exit(f"Below {LEAST}: {', '.join(low)}")


def manage_static(environment):
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)


def visit(server, page, npx, browser):
    """Return (the score from 0 to 100, the metrics in words) of one first visit of `page`."""
    place = server.address.removeprefix("http://")
    flags = f'--headless=new --no-sandbox --host-resolver-rules="MAP {SITE} {place}"'
    told = ["--quiet", "--output=json", "--only-categories=performance"]
    proxy = ["--extra-headers", json.dumps({"X-Forwarded-Proto": "https"})]
    command = [npx, "--yes", "lighthouse", f"http://{SITE}{page}", *told, *proxy, f"--chrome-flags={flags}"]
    environment = os.environ | {"CHROME_PATH": browser}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    result = json.loads(done.stdout)
    audits = result["audits"]
    metrics = [f"{name} {audits[key]['displayValue']}" for key, name in METRICS.items()]
    speed = f"machine {result['environment']['benchmarkIndex']:.0f}"
    return 100 * result["categories"]["performance"]["score"], ", ".join([*metrics, speed])


if __name__ == "__main__":
    main()
