"""The promotion policy as pure Python: no Odoo, no database, exact decimals.

Everything the software decides is decided here, from data. The Odoo models load
:class:`~.facts.Facts` in bulk, compile the policy rows to a :class:`~.policy.Policy`,
ask, and write down what they are answered. Read in this order: ``vocabulary``, ``series`` and
``scale`` (what can be measured, and what becomes of a number), ``facts`` (what is known),
``scoring``, ``form`` and ``classes`` (S2-S4, R2-R4), ``conditions`` (policy 11), ``rules`` and
``places`` (U1, V2-V4, X1-X4, O1-O3), ``pay`` and ``items`` (W2-W5), ``evidence`` (policy 12),
``outlook`` and ``near`` (P4); ``timeline`` turns dated employee records into tiers, departments
and employments by day.
"""
