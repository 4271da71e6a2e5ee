# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Careers",
    "summary": "Transfers, open posts, and supervisor vacancies with their slate",
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
        "security/cs_transfer_security.xml",
        "security/cs_vacancy_security.xml",
        "data/cs_transfer_data.xml",
        "views/cs_transfer_views.xml",
        "views/cs_vacancy_views.xml",
        "views/cs_career_menus.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "cs_promotion_career/static/tests/tours/**/*",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
