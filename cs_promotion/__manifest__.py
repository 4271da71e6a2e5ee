# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion",
    "summary": "Tiers, scorecards, ranks, promotion and demotion by a written policy",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Promotion",
    "license": "LGPL-3",
    "author": "CS Promotion contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/hr",
    "development_status": "Beta",
    "application": True,
    "depends": ["hr", "mail"],
    "data": [
        "security/cs_promotion_groups.xml",
        "security/ir.model.access.csv",
        "security/cs_promotion_security.xml",
        "security/cs_appeal_security.xml",
        "security/cs_path_security.xml",
        "security/cs_board_security.xml",
        "data/cs_tier_data.xml",
        "data/cs_scorecard_data.xml",
        "data/cs_policy_data.xml",
        "data/cs_violation_type_data.xml",
        "data/mail_activity_type_data.xml",
        "data/cs_appeal_data.xml",
        "data/ir_cron_data.xml",
        "data/ir_actions_server_data.xml",
        "views/cs_appeal_views.xml",
        "report/cs_scorecard_report.xml",
        "views/cs_appraisal_sheet_views.xml",
        "views/cs_policy_page.xml",
        "views/cs_board_views.xml",
        "views/cs_path_templates.xml",
        "views/cs_path_views.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "cs_promotion/static/src/**/*",
        ],
        "web.assets_tests": [
            "cs_promotion/static/tests/tours/**/*",
        ],
        "web.report_assets_common": [
            "cs_promotion/static/report/**/*",
        ],
    },
    "demo": ["demo/cs_promotion_demo.xml"],
}
