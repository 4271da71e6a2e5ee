"""Every public method of every model, called over the network by people of every role."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw

from .access_common import EVERYBODY, OTHERS

MAY, RULE = "may", "stopped by a rule, not by access"  # anything else: AccessError
OFFICE = {"office": MAY, "manager": MAY}
MANAGER = {"manager": MAY}
READERS = dict.fromkeys(("agent", "superior", "office", "manager"), MAY)
ALL = dict.fromkeys(EVERYBODY, MAY)

# tried record by record in test_access_matrix or, for the dialog and the views, below
VIEWS = ("action_view_appraisals", "action_view_decisions")
# or, for packages, in test_package
ELSEWHERE = {
    "action_import",
    "create",
    "execute_import",
    "load",
    "write",
    "unlink",
    "action_take",
    *VIEWS,
}


class AccessMethodsCase:
    """Part of a case with ``records``: what ``addon`` defines is tried."""

    addon = None
    methods = {}  # model and method -> the record it is called on, and what comes of it for whom
    steps = {}  # step of the dialog -> the record it is about, and what comes of it for whom

    def _try_out(self, action):
        """What comes of it; whatever it does is undone."""
        try:
            with self.env.cr.savepoint() as savepoint:
                action()
                self.env.flush_all()
                savepoint.rollback()
        except AccessError:
            return None
        except UserError:
            return RULE
        finally:
            self.env.invalidate_all()
        return MAY

    def _call(self, person, model, method, *args):
        """As a browser or a script does it: by name, on ids, with the caller's rights."""
        self.env.flush_all()
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(self._get_user(person)), method, list(args), {})

    def _get_own_methods(self):
        """(model, method) of all public methods that the addon defines, or gives its models."""
        return {
            (name, method)
            for name, model in self.env.registry.items()
            if not model._abstract
            for part in model.__mro__
            if self._is_own(model._original_module, part.__module__)
            for method, function in vars(part).items()
            if callable(function)
            and not method.startswith("_")
            and not isinstance(function, type)
            and not getattr(function, "_api_private", False)
        }

    def _is_own(self, owner, path):
        """Whether a method is tried here: of a model of this addon, or added by it to another's.

        :param owner: the addon that defines the model
        :param path: where the method is written
        """
        if not path.startswith("odoo.addons.cs_promotion"):
            return False
        ours = {name for name in (owner, path.split(".")[2]) if name.startswith("cs_promotion")}
        return ours - {"cs_promotion"} == {self.addon} - {"cs_promotion"}

    def _is_model_own(self, model):
        return self.env[model]._original_module == self.addon

    def test_every_public_method_is_in_the_table(self):
        found = {
            (model, method) for model, method in self._get_own_methods() if method not in ELSEWHERE
        }
        self.assertEqual(found, set(self.methods), "Say in the table who may call it")

    def test_public_methods(self):
        wrong = []
        for (model, method), (key, outcomes) in self.methods.items():
            ids = [self.records[key].ids] if key else []
            for person in EVERYBODY + OTHERS:
                outcome = self._try_out(lambda: self._call(person, model, method, *ids))  # noqa: B023
                if outcome != outcomes.get(person):
                    wrong.append(f"{person}, {model}.{method}: {outcome or 'refused'}")
        self.assertFalse(wrong)

    def test_dialog(self):
        """A dialog written by hand, past the button, takes no step its writer may not take."""
        steps = self.env["cs.reason"]._get_steps().items()
        own = {code for code, step in steps if self._is_model_own(step.model)}
        self.assertEqual(set(self.steps), own)
        wrong = []
        for step, (key, outcomes) in self.steps.items():
            values = {"step": step, "record_ids": self.records[key].ids, "reason": "because"}
            for person in EVERYBODY + OTHERS:
                outcome = self._try_out(lambda: self._take(person, values))  # noqa: B023
                if outcome != outcomes.get(person):
                    wrong.append(f"{person}, {step}: {outcome or 'refused'}")
        self.assertFalse(wrong)

    def _take(self, person, values):
        wizard = self._call(person, "cs.reason", "create", [values])
        return self._call(person, "cs.reason", "action_take", wizard)
