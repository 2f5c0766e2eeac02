"""Model protocols and the runtimes behind them."""
