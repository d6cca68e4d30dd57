-- What customers are worth, and whether they come back.

-- Each segment: its customers, their orders, their revenue.
SELECT
  c.customer_segment,
  count(DISTINCT c.customer_id) AS customers,
  count(*) AS orders,
  sum(o.amount) AS revenue,
  CAST(sum(o.amount) / count(DISTINCT c.customer_id) AS decimal(12, 2)) AS revenue_per_customer
FROM customers c
JOIN orders o ON o.customer_id = c.customer_id
GROUP BY c.customer_segment
ORDER BY revenue_per_customer DESC;

-- How many customers ordered once, twice, more often?
WITH counts AS (
  SELECT customer_id, count(*) AS orders
  FROM orders
  GROUP BY customer_id
)
SELECT
  CASE WHEN orders < 5 THEN CAST(orders AS varchar) WHEN orders < 10 THEN '5 to 9' ELSE '10 and more' END AS orders,
  count(*) AS customers,
  CAST(100.0 * count(*) / sum(count(*)) OVER () AS decimal(4, 1)) AS percent
FROM counts
GROUP BY 1
ORDER BY min(counts.orders);

-- Cohorts: of those who first ordered in a month, how many ordered again 1, 2, 3 ... months later?
WITH activity AS (
  SELECT DISTINCT
    o.customer_id,
    date_trunc('month', c.first_order_date) AS cohort,
    date_diff('month', date_trunc('month', c.first_order_date), date_trunc('month', o.order_date)) AS month
  FROM orders o
  JOIN customers c ON c.customer_id = o.customer_id
)
SELECT
  cohort,
  count_if(month = 0) AS customers,
  count_if(month = 1) AS after_1_month,
  count_if(month = 2) AS after_2_months,
  count_if(month = 3) AS after_3_months,
  count_if(month = 6) AS after_6_months,
  count_if(month = 12) AS after_a_year
FROM activity
GROUP BY cohort
ORDER BY cohort;

-- The hundred best customers, and when they were last seen.
SELECT
  o.customer_id,
  c.customer_segment,
  count(*) AS orders,
  sum(o.amount) AS revenue,
  max(o.order_date) AS last_order
FROM orders o
JOIN customers c ON c.customer_id = o.customer_id
GROUP BY o.customer_id, c.customer_segment
ORDER BY revenue DESC, o.customer_id
LIMIT 100;
