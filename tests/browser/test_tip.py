"""An anonymous tip-off: nothing says who sent it, and nothing of it stays on the phone."""

from __future__ import annotations

import pytest

from tests.browser import filing
from tests.browser.phone import Phone
from tests.browser.server import Service
from tests.browser.test_evidence import choose, file, wait_for
from tests.files import samples

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEFT_BEHIND = """async () => {
  const bases = await indexedDB.databases()
  const texts = bases.map(async ({ name }) => {
    const base = await new Promise((done, failed) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => done(asked.result)
      asked.onerror = () => failed(asked.error)
    })
    const stores = [...base.objectStoreNames]
    const counts = stores.map((store) => new Promise((done) => {
      const asked = base.transaction(store).objectStore(store).count()
      asked.onsuccess = () => done(asked.result)
    }))
    const total = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    base.close()
    return total
  })
  return (await Promise.all(texts)).reduce((sum, count) => sum + count, 0)
}"""


def test_a_tip_leaves_no_trace_of_its_sender(phone: Phone, service: Service) -> None:
    filing.file_complaint(phone)  # signed in: the tip must not use it
    known = phone.storage()
    phone.notes.requests.clear()
    phone.open("/#/packages/complaint/lanes")
    phone.tap(".t-lane-report")
    phone.tap(".t-who-anonymous")
    phone.type("#f-employer-name", "示例电子厂")
    phone.type("#f-place", "示例工业区 3 栋")
    phone.type("#f-what", "这个厂两个月没发工资，三十多个人。")
    photo = samples.photo_with_place()
    choose(phone, ".t-pick-photo", file("厂门口.jpg", "image/jpeg", photo))
    phone.tap(".t-submit-report")
    phone.seen(".t-number").wait_for()
    wait_for(phone, "received", 1)

    assert len(phone.notes.sent("POST", "/api/v1/reports")) == 1
    filed = phone.notes.sent("POST", "/api/v1/reports")[0].all_headers()
    assert "authorization" not in filed
    assert "cookie" not in filed
    worker_token = str(known["xh.session"]).split('"token":"')[1].split('"')[0]
    for request in phone.notes.requests:
        assert worker_token not in str(request.all_headers()), request.url
    changed = {key for key, text in phone.storage().items() if known.get(key) != text}
    assert changed <= {"xh.bureau"}
    assert phone.page.evaluate(LEFT_BEHIND) == 0
    assert service.query(
        "SELECT worker_id, is_anonymous FROM cases WHERE lane = 'report' ORDER BY id DESC LIMIT 1"
    ) == [(None, 1)]

    phone.reopen("/#/")
    assert not any("示例电子厂" in text for text in phone.storage().values())
    assert "示例电子厂" not in phone.text()
