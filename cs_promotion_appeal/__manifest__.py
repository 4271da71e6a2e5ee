# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Appeals",
    "summary": "Agents object to scores, violations and decisions, which wait until it is decided",
    "version": "19.0.8.0.0",
    "category": "Human Resources/Promotion",
    "license": "LGPL-3",
    "author": "CS Promotion contributors",
    "website": "https://cs-promotion.example",
    "development_status": "Beta",
    "depends": ["cs_promotion"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/cs_appeal_security.xml",
        "data/cs_appeal_data.xml",
        "views/cs_appeal_views.xml",
        "views/cs_appraisal_views.xml",
        "views/cs_decision_views.xml",
        "views/cs_violation_views.xml",
        "views/cs_dashboard_views.xml",
        "views/cs_handover_views.xml",
        "views/cs_policy_page.xml",
        "views/cs_appeal_menus.xml",
        "report/cs_decision_letter.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "cs_promotion_appeal/static/tests/tours/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
