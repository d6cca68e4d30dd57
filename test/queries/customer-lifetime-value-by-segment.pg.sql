-- The same question put to the source database: what a customer of each segment has been worth so far.
SELECT
  customer_segment,
  count(DISTINCT customer_id)::bigint AS customers,
  count(order_id)::bigint AS orders,
  sum(amount)::numeric(38, 2) AS revenue,
  round(sum(amount) / count(DISTINCT customer_id), 2)::numeric(12, 2) AS lifetime_value
FROM orders
JOIN customers USING (customer_id)
GROUP BY customer_segment
ORDER BY lifetime_value DESC, customer_segment COLLATE "C"
