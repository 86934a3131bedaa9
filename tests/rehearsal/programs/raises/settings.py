def queue_name(text: str) -> str:
    return text.split(":")[1]
