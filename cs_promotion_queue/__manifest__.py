# Copyright 2026 CS Promotion contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Customer Service Promotion: Queue",
    "summary": "Long work of a month as jobs, shared by several workers and hosts",
    "version": "19.0.8.0.0",
    "category": "Human Resources/Promotion",
    "license": "LGPL-3",
    "author": "CS Promotion contributors",
    "website": "https://cs-promotion.example",
    "development_status": "Beta",
    "depends": ["cs_promotion", "queue_job"],
    "auto_install": True,
    "data": [
        "security/ir.model.access.csv",
        "security/queue_job_security.xml",
        "data/queue_job_data.xml",
        "data/mail_activity_type_data.xml",
        "data/ir_cron_data.xml",
        "views/queue_job_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
