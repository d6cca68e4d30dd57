-- The same question put to the source database: a range of dates where the lake has partition keys.
SELECT
  order_date,
  count(*)::bigint AS orders,
  count(DISTINCT customer_id)::bigint AS customers,
  sum(amount)::numeric(38, 2) AS revenue,
  max(amount)::numeric(12, 2) AS largest_order
FROM orders
WHERE order_date >= DATE '1997-01-01' AND order_date < DATE '1997-01-08'
GROUP BY order_date
ORDER BY order_date
