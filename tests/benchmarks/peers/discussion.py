"""The first page of 10,000 comments, beside what django-comments-xtd draws of the same."""

import json

from tests.benchmarks.__main__ import inside, prepared

NUMBER, BAR = 10_000, "1/5"
XTD = ("tests.benchmarks.peers.xtd_site", ["django-comments-xtd==2.10.13", "Django<5.3"])
DEPTHS = (500, 50)  # a template that includes itself may not come down to the first


def compare(report, folder, environment, costs):
    module, packages = XTD
    python = environment(folder / "xtd", packages)
    if python is None:
        return report.missing(f"django-comments-xtd does not install here ({' '.join(packages)})")
    for deepest in DEPTHS:
        ours = prepared(folder / f"ours-{deepest}", 10)
        inside(ours, "discuss", str(NUMBER), str(deepest))
        mine = json.loads(inside(ours, "costs", "post, 10,000 comments"))
        theirs = costs(python, module, folder / f"theirs-{deepest}", NUMBER, deepest)
        what = f"of {NUMBER:,} comments, {deepest} deep, beside django-comments-xtd"
        if isinstance(theirs, str):
            report.missing(f"discussion {what}: it does not draw it: {theirs[:120]}")
            continue
        page, other = mine["post, 10,000 comments"], theirs["discussion"]
        ratio = (other / theirs["bare"]) / (page / mine["bare"])
        told = f"ours is 1/{ratio:.1f} ({page:.0f} ms against {other:.0f} ms)"
        report.say(f"first page {what}", told, f"{BAR} of its")
