"""The functions of the lake: ``extract`` reads a source, ``conduct`` moves its runs along. Both keep one ledger."""
