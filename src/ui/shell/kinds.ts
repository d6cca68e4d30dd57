// The kinds of the journal's operations: read when a window opens, before any of the code behind them is loaded.

export const DEPLOY = "deploy";
export const TEAR_DOWN = "tearDown";
export const LOAD = "load";
export const RUN_ALL = "runAll";
export const CRAWL = "crawl";
export const RUN_JOB = "runJob";
export const RUN_CRAWLER = "runCrawler";
export const QUERY = "query";
