"""How long readers wait while sixteen people comment: python -m tests.benchmarks.crowd

The writers comment on one post, each again as soon as the last comment was taken. Two readers ask, on a line kept open,
for that post, another, the home page and the feed: each page of these but one is made anew after every comment.
"""

import http.client
import statistics
import tempfile
import time
from multiprocessing import Pool

from tests.running import POST, Site
from tests.writers import Writers, tokens

WRITERS, READERS, SECONDS = 16, 2, 20
PAGES = (POST, "/posts/other/", "/", "/feed/")
PAUSE = 0.01


def read(port):
    """Seconds that each answer took."""
    line, times, end = http.client.HTTPConnection("127.0.0.1", port), [], time.monotonic() + SECONDS
    while time.monotonic() < end:
        for path in PAGES:
            began = time.perf_counter()
            line.request("GET", path)
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            times.append(time.perf_counter() - began)
            time.sleep(PAUSE)
    return times


def waits(site):
    """Median and 99th percentile, in milliseconds."""
    with Pool(READERS) as readers:
        times = [seconds for each in readers.map(read, [site.port] * READERS) for seconds in each]
    return 1000 * statistics.median(times), 1000 * statistics.quantiles(times, n=100)[98]


def main():
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        site = Site(folder)
        site.prepare()
        site.shell("from tests.factories import make_post; make_post('Other', slug='other')")
        with site.serving():
            print("readers alone: p50 {:.1f} ms, p99 {:.1f} ms".format(*waits(site)))
            with Writers(site, WRITERS) as writers:
                print(
                    "readers beside 16 writers: p50 {:.1f} ms, p99 {:.1f} ms  (wanted: 100)".format(
                        *waits(site)
                    )
                )
        lost = set(writers.taken) - set(tokens(site.bodies()))
        print(
            f"comments taken: {len(writers.taken)}, refused: {len(writers.refused)}, lost: {len(lost)}  (wanted: 0, 0)"
        )


if __name__ == "__main__":
    main()
