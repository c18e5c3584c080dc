/**
 * Which edition of our mapping from what senders write to columns made a row. Raise it when the same bytes would give
 * other columns: mapping history again inserts its rows with the new number, and the highest one is shown.
 */
export const mapperVersion = 2;
