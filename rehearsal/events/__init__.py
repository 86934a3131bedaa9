"""What happens by itself in an account: queues that call functions, retries, rules, schedules."""
