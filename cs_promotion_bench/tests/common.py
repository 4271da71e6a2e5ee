from odoo.tests import TransactionCase

from ..measure import repeated, undone


class BenchCase(TransactionCase):
    """A small company of the bench, in ``case``."""

    def _search(self, model, *domain):
        return self.case.env[model].search([("company_id", "=", self.case.company.id), *domain])

    def _check_stage(self, stage):
        """Stage and yardstick give the same; what the stage does is kept."""

        def run():
            stage.run(self.case)

        def look():
            return stage.result(self.case)

        stage.prepare(self.case)
        measured, own = repeated(self.case.env, run, look, times=1)
        self.assertGreater(measured.queries, 0)
        if not stage.beside:
            yardstick = stage.get_yardstick(self.case)
            _measured, other = repeated(self.case.env, yardstick, look, times=1)
            stage.compare(own, other)
        run()
        with undone(self.case.env):
            stage.check(self.case)
