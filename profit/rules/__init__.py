"""The profit rules P1 to P28 as pure functions over facts; no database, no network, no clock.

Facts (`facts`) go in, wanted ledger entries (`entries`) come out: `orders` for one order,
`ads`, `creators`, `costs` and `adjustments` for one row each, `agency` for one period.
`pnl`, `attribution`, `ratios` and `quality` turn entries or their sums into what pages show;
`difference` says which rows the ledger still lacks.
"""
