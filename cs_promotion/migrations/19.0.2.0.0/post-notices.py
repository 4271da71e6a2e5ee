"""Whoever was told of a decision before is known, so that its withdrawal is told as well."""


def migrate(cr, version):
    cr.execute("UPDATE cs_decision SET superior_told = TRUE WHERE notified")
    cr.execute("UPDATE cs_violation SET notified = TRUE WHERE confirmed_on IS NOT NULL")
