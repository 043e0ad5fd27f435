"""The examples for operators: what can be checked of them without a machine of their own."""

import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from fnmatch import fnmatch
from pathlib import Path, PurePath

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def read_by_the_site():
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config" / "env.py").read_text()))


def in_the_example():
    return set(re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / ".env.example").read_text(), re.M))


def in_the_readme():
    rows = re.findall(r"^\| (`[A-Z_]+`[^|]*)\|", (ROOT / "README.md").read_text(), re.M)
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_every_setting_is_in_the_example_and_in_the_readme():
    assert len(read_by_the_site()) > 10
    assert in_the_example() - {"POSTGRES_PASSWORD"} == read_by_the_site()
    assert in_the_readme() == read_by_the_site()


def instructions():
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_image_runs_as_nobody_special_and_says_whether_it_is_well():
    last_stage = instructions()[[i for i, (word, _) in enumerate(instructions()) if word == "FROM"][-1] :]
    words = dict(last_stage)
    assert words["USER"].split(":")[0] not in ("root", "0")
    assert "deploy/healthy.py" in words["HEALTHCHECK"]
    assert (DEPLOY / "healthy.py").exists()
    assert words["VOLUME"] == "/data"
    assert any("--require-hashes" in rest for _, rest in instructions())


def is_left_out(path):
    """As builders read the file in the top folder, which is the one that all of them know."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    places = [PurePath(path), *PurePath(path).parents][:-1]
    return any(
        fnmatch(place.name if pattern.startswith("**/") else str(place), pattern.removeprefix("**/"))
        for place in places
        for pattern in patterns
    )


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "deploy/.env",
        ".env.production",
        "var/secret_key",
        "data/secret_key",
        "site/secret_key",
        "var/db.sqlite3-wal",
        "old/db.sqlite3",
        "move.zip",
        ".git/config",
        ".venv/bin/python",
        "blog/__pycache__/views.cpython-311.pyc",
    ],
)
def test_the_image_holds_no_secrets_of_the_builder(path):
    assert is_left_out(path)


def test_the_image_holds_all_of_the_site():
    git = shutil.which("git")
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    needed = {"blog", "comments", "config", "locale", "static", "templates", "manage.py", "requirements"}
    files = [path for path in listed.splitlines() if path.split("/")[0] in needed]
    assert len(files) > 200
    assert [path for path in files if is_left_out(path)] == []
    assert not is_left_out("deploy/healthy.py")


def commands():
    """Every manage.py command that an example runs, with its arguments."""
    texts = [
        path.read_text() for path in [DEPLOY / "Dockerfile", DEPLOY / "Procfile", ROOT / "Makefile", *UNITS]
    ]
    for text in texts:
        for line in re.findall(r"manage\.py\"?,? (.+)", text):
            yield shlex.split(re.sub(r"[\"\],]", " ", line))


def test_every_command_in_the_examples_exists():
    names = {words[0] for words in commands()}
    assert {"serve", "backup", "migrate"} <= names
    assert names <= set(get_commands())


def test_compose_sets_only_what_the_site_reads_and_hangs_together():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert {"site", "database", "cache"} <= set(services)
    assert set(services["site"]["environment"]) <= read_by_the_site()
    for service in services.values():
        assert set(service.get("depends_on", [])) <= set(services)
        for volume in service.get("volumes", []):
            name = volume.split(":")[0]
            assert name in compose["volumes"] or (DEPLOY / name).exists()
    assert "ports" not in services["site"]
    assert "ports" not in services["database"]
    subnet = compose["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    assert services["site"]["environment"]["TRUSTED_PROXIES"] == subnet


def unit(path):
    parser = RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(path)
    return parser


@pytest.mark.parametrize(
    "path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name
)
def test_services_may_write_only_their_own_data(path):
    service = unit(path)["Service"]
    assert service["User"] == "commonplace"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert "commonplace" in service["StateDirectory"]


def test_systemd_itself_has_nothing_against_the_units(tmp_path):
    program = shutil.which("systemd-analyze")
    for path in UNITS:
        text = path.read_text().replace("/srv/commonplace/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text)
    if program:  # where there is no systemd, the tests above are all that can be said
        units = [str(tmp_path / path.name) for path in UNITS]
        checked = subprocess.run(
            [program, "verify", "--man=no", *units], capture_output=True, text=True, timeout=60
        )
        ours = [line for line in checked.stderr.splitlines() if "commonplace" in line]
        assert ours == []


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_do_not_pass_on_what_visitors_claim(name):
    text = (DEPLOY / name).read_text()
    assert text.count("{") == text.count("}")
    assert "X-Request-ID" in text
    assert "Forwarded" in text
    if name == "Caddyfile":
        assert "max_size" not in text  # it ends such a request in the middle; the site says a sentence
    if name == "nginx.conf":
        assert "proxy_set_header X-Forwarded-For $remote_addr;" in text
        assert "$proxy_add_x_forwarded_for" not in text


def test_every_page_of_the_documentation_is_there_and_its_files_too():
    pages = set((ROOT / "docs").glob("*.md"))
    names = {page.stem for page in pages}
    assert {"systemd", "docker", "proxies", "postgresql", "backups", "upgrading", "paas"} <= names
    for page in [*pages, ROOT / "SECURITY.md"]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"
