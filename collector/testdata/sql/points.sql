SELECT 
  project_id, name, description, unit, toString(type) AS type_word, toString(temporality) AS temporality_word,
  is_monotonic, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  toString(toUnixTimestamp64Nano(time)) AS unix_nano, flags, mapKeys(attributes) AS attribute_keys, mapValues(attributes) AS attribute_values, mapKeys(attribute_types) AS attribute_type_keys, mapValues(attribute_types) AS attribute_type_values,
  mapKeys(resource_attributes) AS resource_attribute_keys, mapValues(resource_attributes) AS resource_attribute_values, mapKeys(resource_attribute_types) AS resource_attribute_type_keys, mapValues(resource_attribute_types) AS resource_attribute_type_values, mapKeys(scope_attributes) AS scope_attribute_keys, mapValues(scope_attributes) AS scope_attribute_values, mapKeys(scope_attribute_types) AS scope_attribute_type_keys, mapValues(scope_attribute_types) AS scope_attribute_type_values, service_name, scope_name, scope_version,
  value, toString(value_int) AS value_int_text, toString(count) AS count_text, sum, min, max,
  arrayMap(n -> toString(n), bucket_counts) AS bucket_texts, arrayMap(n -> toString(n), explicit_bounds) AS bound_texts,
  scale, toString(zero_count) AS zero_count_text, zero_threshold,
  positive_offset, arrayMap(n -> toString(n), positive_counts) AS positive_texts,
  negative_offset, arrayMap(n -> toString(n), negative_counts) AS negative_texts, quantiles, quantile_values,
  arrayMap(t -> toString(toUnixTimestamp64Nano(t)), exemplar_times) AS exemplar_unix_nanos,
  arrayMap(n -> toString(n), exemplar_values) AS exemplar_texts,
  exemplar_trace_ids, exemplar_span_ids, exemplar_attributes, toString(series) AS series_id
FROM metric_points WHERE project_id = {projectId:String}
  AND name = {name:String}
  AND time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')
  AND time < fromUnixTimestamp64Nano({to:Int64}, 'UTC')
ORDER BY series, time, received_at DESC
LIMIT 1 BY series, time
LIMIT {limit:UInt32}

-- {"name":"gen_ai.client.token.usage","from":"1","to":"2","limit":1000001}
