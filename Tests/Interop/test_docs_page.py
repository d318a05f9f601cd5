"""The gateway's reference page, clicked through in Chromium."""

import json
import re
import urllib.request

import pytest
from patron_client import new_request_id
from playwright.sync_api import expect, sync_playwright

from test_story import APP, POS, phone


@pytest.fixture(scope="module")
def page(suite):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(locale="en-GB", color_scheme="light")
        page.problems = []
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"http://{suite.address('gateway')}/docs")
        page.wait_for_selector("body[data-ready]")
        yield page
        browser.close()


def method(page, name):
    return page.locator(f'[id="method-{name.replace("/", ".")}"]')


def call(page, name, request):
    """Fills the form of a method in and sends it; returns what the page shows."""
    form = method(page, name).locator("details.try")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    form.locator("textarea").fill(json.dumps(request))
    form.locator("button.send").click()
    outcome = form.locator(".outcome")
    expect(outcome).to_have_text(re.compile(r"^\d"))
    return outcome.inner_text(), json.loads(form.locator(".answer").inner_text())


def test_the_page_loads_nothing_of_others(suite):
    for path in ("/docs", "/docs.js", "/docs.css", "/openapi.json"):
        with urllib.request.urlopen(f"http://{suite.address('gateway')}{path}", timeout=5) as answer:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert b"https://" not in answer.read()


def test_every_method_is_there(suite, page):
    with urllib.request.urlopen(f"http://{suite.address('gateway')}/openapi.json", timeout=5) as answer:
        assert page.locator("article.method").count() == len(json.load(answer)["paths"])


def test_search_leaves_what_was_searched_for(page):
    page.fill("#search", "coupons_not_held")
    expect(method(page, f"{POS}/Checkout")).to_be_visible()
    expect(method(page, f"{APP}/GetBalance")).to_be_hidden()
    page.fill("#search", "no-such-thing")
    expect(page.locator("article:visible")).to_have_count(0)
    expect(page.locator("#found")).to_have_text("0 found")
    page.fill("#search", "")
    expect(method(page, f"{APP}/GetBalance")).to_be_visible()


def test_headings_are_english_or_chinese(page):
    heading = page.locator("#introduction h2")
    expect(heading).to_have_text("Introduction")
    page.click("#language")
    expect(heading).to_have_text("简介")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(heading).to_have_text("简介")
    page.click("#language")
    expect(heading).to_have_text("Introduction")


def test_light_or_dark(page):
    def paper():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    light = paper()
    page.click("#theme")
    dark = paper()
    assert sum(map(int, light[4:-1].split(","))) > 600 > 200 > sum(map(int, dark[4:-1].split(",")))
    page.click("#theme")
    assert paper() == light


def test_a_member_is_registered_and_has_a_balance(page):
    outcome, answer = call(page, f"{POS}/RegisterMember", {"requestId": new_request_id(), "name": "王小明", "phone": phone()})
    assert outcome == "200"
    outcome, balance = call(page, f"{APP}/GetBalance", {"memberId": answer["member"]["memberId"]})
    assert outcome == "200"
    assert balance["asset"] == "points"


def test_an_error_is_shown_with_its_reason(page):
    outcome, error = call(page, f"{APP}/GetBalance", {"memberId": new_request_id()})
    assert outcome == "404 MEMBER_NOT_FOUND"
    assert error["code"] == "not_found"


def test_the_browser_found_nothing_wrong(page):
    # The failed call above is the only one that the browser reports.
    assert [problem for problem in page.problems if "404" not in problem] == []
