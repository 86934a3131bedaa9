"""CloudWatch at home: metrics out of log lines and of what the account does, and alarms that are evaluated on them."""
