-- Each day of one week: the partition keys in WHERE make Athena read these seven days only.
SELECT
  order_date,
  count(*) AS orders,
  count(DISTINCT customer_id) AS customers,
  sum(amount) AS revenue,
  max(amount) AS largest_order
FROM orders
WHERE year = '1997' AND month = '01' AND day BETWEEN '01' AND '07'
GROUP BY order_date
ORDER BY order_date
