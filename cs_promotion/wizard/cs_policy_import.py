import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..package.node import ScenarioError

# package that ships -> its file
PRESETS = {
    "furniture": "cs_promotion/presets/furniture.json",
    "hotline": "cs_promotion/presets/hotline.json",
    "support": "cs_promotion/presets/support.json",
}


class CsPolicyImport(models.TransientModel):
    """A policy from a file, or from one that ships: chosen on the first day."""

    _name = "cs.policy.import"
    _description = "Import of a CS Policy"

    preset = fields.Selection(
        [
            ("furniture", "Furniture shop: two raters, ranks, promotion by quarter"),
            ("hotline", "Hotline: measured items, stars, piece-rate"),
            ("support", "International support desk: quality scorecard, three levels"),
            ("file", "A file of my own"),
        ],
        string="Start from",
        required=True,
        default="furniture",
    )
    file = fields.Binary(string="Package")
    file_name = fields.Char()
    name = fields.Char(help="By default what the package calls it.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="In Force From",
        required=True,
        default=lambda self: self.env.company._cs_today().replace(day=1),
    )

    def action_import(self):
        """Make the draft and open it."""
        self.ensure_one()
        self.env["cs.policy"].check_access("create")
        try:
            policy = self.env["cs.policy.package"]._import(
                self._read_package(), self.company_id, self.date_from, self.name
            )
        except ScenarioError as error:
            raise UserError(
                self.env._(
                    "The package cannot be read: %(path)s: %(fault)s",
                    path=error.path,
                    fault=error.fault,
                )
            ) from None
        return {
            "type": "ir.actions.act_window",
            "res_model": "cs.policy",
            "res_id": policy.id,
            "views": [(False, "form")],
        }

    def _read_package(self):
        if self.preset != "file":
            with file_open(PRESETS[self.preset]) as file:
                return file.read()
        if not self.file:
            raise UserError(self.env._("Choose the file of the package first."))
        try:
            return base64.b64decode(self.file).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(
                self.env._("%s is no text in UTF-8.", self.file_name or self.env._("The file"))
            ) from None

    @api.model
    def _export(self, policy):
        """A file with the policy, to be downloaded by whoever may read it."""
        policy.check_access("read")
        package = self.env["cs.policy.package"]._export(policy)
        text = json.dumps(package, ensure_ascii=False, indent=1)
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{policy.name}.json",
                "raw": text.encode(),
                "mimetype": "application/json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
