-- Revenue over time.

-- Each month, with its change against the month before.
WITH months AS (
  SELECT
    date_trunc('month', order_date) AS month,
    count(*) AS orders,
    sum(amount) AS revenue
  FROM orders
  GROUP BY 1
)
SELECT
  month,
  orders,
  revenue,
  revenue - lag(revenue) OVER (ORDER BY month) AS change,
  CAST(100 * (revenue / lag(revenue) OVER (ORDER BY month) - 1) AS decimal(6, 1)) AS percent
FROM months
ORDER BY month;

-- Which weekdays sell? Monday is 1.
SELECT
  day_of_week(order_date) AS weekday,
  format_datetime(CAST(min(order_date) AS timestamp), 'EEEE') AS name,
  count(*) AS orders,
  sum(amount) AS revenue,
  CAST(avg(amount) AS decimal(12, 2)) AS average_order
FROM orders
GROUP BY day_of_week(order_date)
ORDER BY weekday;

-- Revenue day by day with the average of the seven days up to it.
WITH days AS (
  SELECT order_date, sum(amount) AS revenue
  FROM orders
  GROUP BY order_date
)
SELECT
  order_date,
  revenue,
  CAST(avg(revenue) OVER (ORDER BY order_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) AS decimal(12, 2)) AS seven_days
FROM days
ORDER BY order_date;

-- Every order of 1997's first quarter: some thousand rows to scroll, sort, filter and export.
SELECT order_id, customer_id, order_date, quantity, amount
FROM orders
WHERE year = '1997' AND month IN ('01', '02', '03')
ORDER BY order_date, order_id;
