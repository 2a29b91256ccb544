"""The first run without Qt: which step follows which, what is wrong with answers, what a power cut leaves on disk."""

from pathlib import Path

import pytest

from ui.wizard.steps import LIVE_GATEWAY, STEPS, Facts, gateway_url
from ui.wizard.walk import FILE_NAME, Walk, load, save

FRESH = Facts(folder="/somewhere")
DEVICE = {"gateway": "live", "device_id": "12345", "serial": "SN-1", "activation_key": "00ABCDEF"}
WORDS = "maize bridge lantern four"


def at(step: str, **answers: str) -> Walk:
    walk = Walk(at=step)
    walk.answers.update(answers)
    return walk


def names(walk: Walk, facts: Facts) -> list[str]:
    found = [walk.at]
    while walk.forward(facts):
        found.append(walk.at)
    return found


def test_a_fresh_till_is_asked_everything_but_the_network():
    assert names(Walk(), FRESH) == ["shop", "folder", "printer", "device", "taxpayer", "owner", "summary"]


def test_what_is_so_already_is_not_asked_again():
    done = Facts(devices=(1,), owner=True)
    assert names(Walk(), done) == ["shop", "folder", "printer", "lan", "summary"]


def test_registering_later_leaves_out_the_confirmation_both_ways():
    walk = at("device")
    assert walk.forward(FRESH, skip=True) and walk.at == "owner"
    assert walk.back(FRESH) and walk.at == "device"
    assert walk.forward(FRESH) and walk.at == "taxpayer"


def test_practising_needs_nothing_else():
    assert names(at("shop", mode="training"), FRESH) == ["shop"]


def test_back_ends_at_the_first_step():
    walk = at("printer")
    assert walk.back(FRESH) and walk.back(FRESH) and not walk.back(FRESH)
    assert walk.at == "shop"


@pytest.mark.parametrize(
    ("step", "answers", "wrong"),
    [
        ("shop", {"shop": " "}, {"shop"}),
        ("shop", {"shop": "", "mode": "training"}, set()),
        ("folder", {"folder_choice": "other", "folder": ""}, {"folder"}),
        ("printer", {"printer_name": "", "printer_port": ""}, {"printer_name", "printer_port"}),
        ("device", DEVICE, set()),
        ("device", {**DEVICE, "device_id": "0"}, {"device_id"}),
        ("device", {**DEVICE, "device_id": "٣"}, {"device_id"}),
        ("device", {**DEVICE, "serial": "x" * 21}, {"serial"}),
        ("device", {**DEVICE, "activation_key": "short"}, {"activation_key"}),
        ("device", {**DEVICE, "gateway": "other", "gateway_url": "http://fdms.example"}, {"gateway_url"}),
        ("device", {**DEVICE, "gateway": "other", "gateway_url": "https://fdms.example:99999"}, {"gateway_url"}),
        ("taxpayer", {"confirmed": "no"}, {"confirmed"}),
        ("owner", {"owner": "Rudo", "password": WORDS, "again": WORDS}, set()),
        ("owner", {"owner": "", "password": "short", "again": "other"}, {"owner", "password", "again"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(step, answers, wrong):
    assert set(at(step).problems(answers)) == wrong


def test_the_gateway_is_a_preset_or_an_address():
    assert gateway_url({"gateway": "live"}) == LIVE_GATEWAY
    assert gateway_url({"gateway": "other", "gateway_url": "https://127.0.0.1:9443/"}) == "https://127.0.0.1:9443"


def test_a_power_cut_resumes_without_any_secret(tmp_path: Path):
    assert load(tmp_path) is None
    walk = at("taxpayer", **DEVICE, confirmed="yes", password=WORDS, again=WORDS, shop="Muonde")
    save(tmp_path, walk)
    content = (tmp_path / FILE_NAME).read_text()
    assert DEVICE["activation_key"] not in content and WORDS not in content
    again = load(tmp_path)
    assert again is not None
    # What FDMS said is asked for again: the confirmation means nothing without it.
    assert (again.at, again.answers["shop"], again.answers["serial"]) == ("device", "Muonde", "SN-1")
    assert "confirmed" not in again.answers


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"at": "nowhere"}', '{"answers": 3, "at": 1, "skipped": []}'])
def test_a_spoilt_file_begins_anew(tmp_path: Path, content: str):
    (tmp_path / FILE_NAME).write_text(content)
    assert load(tmp_path) is None


def test_it_can_be_done_again_with_the_answers_kept():
    walk = at("summary", shop="Muonde")
    walk.finished = True
    walk.again()
    assert (walk.at, walk.finished, walk.answers["shop"]) == (STEPS[0].name, False, "Muonde")
