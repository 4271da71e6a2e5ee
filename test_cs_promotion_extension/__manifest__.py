# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Test of Extension",
    "summary": "Declares terms of its own, as an addon may; for tests alone",
    "version": "19.0.8.0.0",
    "category": "Hidden/Tests",
    "license": "LGPL-3",
    "author": "CS Promotion contributors",
    "website": "https://cs-promotion.example",
    "depends": ["cs_promotion_appeal", "cs_promotion_payroll"],
    "data": [
        "security/ir.model.access.csv",
        "views/cs_appraisal_views.xml",
        "views/cs_figure_views.xml",
        "views/cs_appeal_views.xml",
    ],
}
