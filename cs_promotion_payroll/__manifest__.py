# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Payroll",
    "summary": "Payslips pay by tier, score and sales, and take fines",
    "version": "19.0.2.0.0",
    "category": "Human Resources/Promotion",
    "license": "LGPL-3",
    "author": "CS Promotion contributors, Odoo Community Association (OCA)",
    "website": "https://github.com/OCA/hr",
    "development_status": "Beta",
    "depends": ["cs_promotion", "cs_promotion_pay", "payroll"],
    "auto_install": ["cs_promotion", "payroll"],
    "data": [
        "security/ir.model.access.csv",
        "security/cs_promotion_payroll_security.xml",
        "data/hr_salary_rule_data.xml",
        "data/ir_cron_data.xml",
        "views/hr_payslip_views.xml",
        "views/hr_payslip_run_views.xml",
        "views/hr_payslip_employees_views.xml",
        "views/cs_fine_taking_views.xml",
        "views/cs_violation_views.xml",
        "views/hr_payroll_structure_views.xml",
        "views/res_config_settings_views.xml",
        "report/report_payslip_templates.xml",
        "report/cs_pay_report_views.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "cs_promotion_payroll/static/tests/tours/**/*",
        ],
    },
    "demo": [
        "demo/cs_promotion_payroll_example.xml",
        "demo/cs_promotion_payroll_demo.xml",
    ],
    "pre_init_hook": "pre_init_hook",
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
