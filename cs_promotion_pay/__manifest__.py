# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Pay",
    "summary": "Pay items, arrears and their words, for whichever payroll makes the payslips",
    "version": "19.0.8.0.0",
    "category": "Human Resources/Promotion",
    "license": "LGPL-3",
    "author": "CS Promotion contributors",
    "website": "https://cs-promotion.example",
    "development_status": "Beta",
    "depends": ["cs_promotion"],
    "data": [
        "security/ir.model.access.csv",
        "security/cs_promotion_pay_security.xml",
        "data/ir_cron_data.xml",
        "data/mail_activity_type_data.xml",
        "views/cs_pay_difference_views.xml",
        "views/cs_figure_views.xml",
    ],
}
