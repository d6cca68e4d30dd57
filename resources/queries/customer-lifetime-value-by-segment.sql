-- What a customer of each segment has been worth so far: customers, their orders, revenue, and revenue a customer.
SELECT
  c.customer_segment,
  count(*) AS customers,
  sum(v.orders) AS orders,
  sum(v.revenue) AS revenue,
  CAST(sum(v.revenue) / count(*) AS decimal(12, 2)) AS lifetime_value
FROM customers c
JOIN (
  SELECT customer_id, count(*) AS orders, sum(amount) AS revenue
  FROM orders
  GROUP BY customer_id
) v ON v.customer_id = c.customer_id
GROUP BY c.customer_segment
ORDER BY lifetime_value DESC, c.customer_segment
