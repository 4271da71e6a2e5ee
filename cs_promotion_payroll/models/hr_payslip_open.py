"""What is shared by all that looks at payslips that are not done yet."""

OPEN = ("draft", "verify")
