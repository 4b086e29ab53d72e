"""Speed and memory, measured against a floor taken in the same run: `python -m benchmarks`. See README.md."""
