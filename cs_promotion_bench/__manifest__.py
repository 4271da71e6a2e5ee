# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Bench",
    "summary": "For developers: measures a month's end of many agents beside yardsticks",
    "version": "19.0.8.0.0",
    "category": "Hidden/Tools",
    "license": "LGPL-3",
    "author": "CS Promotion contributors",
    "website": "https://cs-promotion.example",
    "development_status": "Beta",
    "depends": ["cs_promotion_payroll"],
}
