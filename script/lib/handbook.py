"""Takes the pictures of the handbook from a demo that is being served (script/handbook).

    handbook.py PRESET URL LANGUAGE FOLDER

Writes ``FOLDER/en/img/NAME.png``, or ``zh``, for all pictures that are of this preset's demo.
"""

import io
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from browser import Browser
from PIL import Image

COLOURS = 96
DESKTOP, PHONE = 1280, 400
CS, PAYROLL, SETTINGS = (
    "cs_promotion.cs_promotion_menu_root",
    "payroll.payroll_menu_root",
    "base.menu_administration",
)
OPEN = """(async () => {
    const {action, menu} = odoo.__WOWL_DEBUG__.root.env.services;
    menu.setCurrentMenu(menu.getApps().find((app) => app.xmlid == %s));
    await action.doAction(%s, {clearBreadcrumbs: true, ...%s});
})()"""
VIEW = ".o_form_view, .o_kanban_view, .o_list_view"
CURRENT = [["state", "=", "open"], ["kind", "=", "month"]]
TO_SCORE = [["state", "=", "draft"], ["role", "=", "superior"]]


@dataclass(frozen=True)
class Picture:
    """What is to be seen.

    :param login: of the one who looks
    :param action: name of the action that is opened
    :param record: of which record's form: a model, a domain and an order; the first one is taken
    :param page: name of the page of the form's notebook that is opened
    :param scroll: what is scrolled to the top then
    :param app: in which app, by its menu
    """

    preset: str
    name: str
    login: str
    action: str
    record: tuple | None = None
    height: int = 760
    phone: bool = False
    page: str = ""
    scroll: str = ""
    app: str = CS


PICTURES = (
    # HR
    Picture("furniture", "dashboard", "office", "cs_promotion.cs_dashboard_action", height=620),
    Picture(
        "furniture",
        "month",
        "office",
        "cs_promotion.cs_cycle_action",
        ("cs.cycle", CURRENT, "date_start"),
        height=660,
    ),
    Picture(
        "furniture",
        "summary",
        "office",
        "cs_promotion.cs_cycle_action",
        ("cs.cycle", [["decision_ids", "!=", False], ["kind", "=", "month"]], "date_start desc"),
        height=1100,
    ),
    Picture(
        "support",
        "decision",
        "admin",
        "cs_promotion.cs_decision_action",
        ("cs.decision", [["state", "=", "proposed"], ["tier_to_id", "!=", False]], "id"),
        height=780,
    ),
    # superior
    Picture(
        "furniture",
        "to_score_phone",
        "superior",
        "cs_promotion.cs_appraisal_sheet_action_to_score",
        phone=True,
    ),
    Picture(
        "furniture",
        "sheet",
        "superior",
        "cs_promotion.cs_appraisal_sheet_action_to_score",
        ("cs.appraisal.sheet", TO_SCORE, "id"),
        height=900,
    ),
    Picture(
        "support",
        "sheet_phone",
        "superior",
        "cs_promotion.cs_appraisal_sheet_action_to_score",
        ("cs.appraisal.sheet", TO_SCORE, "id"),
        height=860,
        phone=True,
        scroll=".o_cs_scorecard_section",
    ),
    # agent
    Picture("furniture", "path", "agent", "cs_promotion.cs_path_action_mine", height=900),
    Picture(
        "hotline",
        "path_phone",
        "agent",
        "cs_promotion.cs_path_action_mine",
        height=860,
        phone=True,
    ),
    Picture(
        "hotline",
        "result",
        "agent",
        "cs_promotion.cs_appraisal_action_mine",
        ("cs.appraisal", [["closed", "=", True], ["kind", "=", "month"]], "date_start desc"),
        height=940,
    ),
    # payroll
    Picture(
        "furniture",
        "batch",
        "admin",
        "payroll.hr_payslip_run_action",
        ("hr.payslip.run", [], "date_start desc"),
        app=PAYROLL,
    ),
    Picture(
        "hotline",
        "payslip",
        "admin",
        "payroll.hr_payslip_action",
        ("hr.payslip", [["employee_id.name", "ilike", "Fu Lei"]], "date_from desc"),
        height=940,
        page="computation",
        app=PAYROLL,
    ),
    Picture(
        "hotline",
        "payslip_why",
        "admin",
        "payroll.hr_payslip_action",
        ("hr.payslip", [["employee_id.name", "ilike", "Fu Lei"]], "date_from desc"),
        height=900,
        page="cs_promotion",
        app=PAYROLL,
    ),
    # administrator
    Picture(
        "hotline",
        "user",
        "admin",
        "base.action_res_users",
        ("res.users", [["login", "=", "office"]], "id"),
        height=900,
        app=SETTINGS,
    ),
    # consultant
    Picture("hotline", "new_policy", "admin", "cs_promotion.cs_policy_import_action", height=560),
    Picture(
        "hotline",
        "policy",
        "admin",
        "cs_promotion.cs_policy_action",
        ("cs.policy", [["state", "=", "active"]], "date_from desc"),
        height=640,
    ),
    Picture(
        "hotline",
        "classes",
        "admin",
        "cs_promotion.cs_policy_action",
        ("cs.policy", [["state", "=", "active"]], "date_from desc"),
        height=640,
        page="classes",
    ),
    Picture("hotline", "policy_page", "admin", "cs_promotion.cs_policy_action_page", height=900),
)


class Camera:
    """Whoever takes the pictures: logs in, opens, waits, keeps."""

    def __init__(self, browser, language, folder):
        self.browser = browser
        self.language = language
        self.folder = folder / language.split("_")[0] / "img"

    def log_in(self, login):
        """As someone, in the language."""
        browser = self.browser
        browser.send("Network.clearBrowserCookies")
        browser.open("/web/login")
        found = browser.call("/web/session/authenticate", db="demo", login=login, password=login)
        browser.ask("res.users", "write", [found["uid"]], {"lang": self.language})

    def take(self, picture):
        """Take a picture, and keep it."""
        browser = self.browser
        browser.set_size(PHONE if picture.phone else DESKTOP, picture.height, picture.phone)
        browser.open("/odoo/action-cs_promotion.cs_policy_action_page")
        browser.look(VIEW)
        options = {}
        if picture.record:
            model, domain, order = picture.record
            [record] = browser.ask(model, "search", domain, order=order, limit=1)
            options = {"viewType": "form", "props": {"resId": record}}
        browser.run(OPEN % tuple(map(json.dumps, (picture.app, picture.action, options))))
        browser.look(VIEW)
        if picture.page:
            browser.run(f"document.querySelector('.nav-link[name={picture.page}]').click()")
        if picture.scroll:
            browser.run(f"document.querySelector('{picture.scroll}').scrollIntoView()")
        self.settle()
        self.keep(browser.picture(), f"{picture.name}.png")

    def settle(self):
        """Wait until nothing is being loaded or moving any more."""
        browser = self.browser
        browser.wait(
            lambda: browser.run(
                "!document.querySelector('.o_loading_indicator, .o_blockUI')"
                " && [...document.images].every((image) => image.complete)"
            ),
            "a page at rest",
        )
        browser.run("new Promise((done) => setTimeout(done, 700))")

    def keep(self, png, name):
        """Few colours make it small."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.open(io.BytesIO(png)).convert("RGB")
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path.name, path.stat().st_size, flush=True)  # noqa: T201


def main(preset, url, language, folder):
    """All pictures of a preset's demo."""
    # the browser and its files go, too, when the script is ended
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))
    wanted = [picture for picture in PICTURES if picture.preset == preset]
    with Browser(url) as browser:
        camera = Camera(browser, language, Path(folder))
        for login in dict.fromkeys(picture.login for picture in wanted):
            camera.log_in(login)
            for picture in wanted:
                if picture.login == login:
                    camera.take(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
