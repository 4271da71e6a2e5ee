"""Prints as JSON what people read of a database, and what follows from its evidence.

Run in an ``odoo shell``, by ``script/release`` with the addons of a release and by
``test_upgrade.py`` with those that it was upgraded to.
"""

import json

from odoo.tools import html2plaintext

env = env(context={"lang": "en_US", "tz": "UTC"})  # noqa: F821 - given by the shell


def lines(text):
    """The lines of a text, without blanks and empty ones."""
    return [" ".join(line.split()) for line in (text or "").splitlines() if line.strip()]


def letter(decision):
    """The letter as text, without where its pictures lie."""
    html, _kind = env["ir.actions.report"]._render_qweb_html(
        "cs_promotion.report_decision_letter", decision.ids
    )
    return [line for line in lines(html2plaintext(html.decode())) if "/web/" not in line]


decisions = env["cs.decision"].search([], order="id")
told = {
    "letters": {each.id: letter(each) for each in decisions},
    "evidence": {each.id: lines(each.evidence_text) for each in decisions},
    "replays": {each.id: each._follows_from_evidence() for each in decisions},
    "grounds": {each.id: each.ground_name for each in decisions},
    "payslips": {
        slip.id: lines(html2plaintext(str(slip.cs_explanation or ""))) + lines(slip.cs_warning)
        for slip in env["hr.payslip"].search([], order="id")
    },
}
print("SNAPSHOT " + json.dumps(told, ensure_ascii=False))  # noqa: T201
