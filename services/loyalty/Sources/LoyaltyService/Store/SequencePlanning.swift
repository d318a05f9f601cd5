import Postgres

/// How statements are planned that read the entries of all lanes by their sequence.
enum SequencePlanning {
  /// Has the next statement planned for the numbers that it is given, by the index, with room to sort in memory, and not
  /// compiled, which takes longer than it: a plan that was made while the table was empty would read a full one from end to
  /// end.
  static let statement: SQL = """
    SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'off', true),
      set_config('enable_bitmapscan', 'off', true), set_config('work_mem', '64MB', true),
      set_config('jit', 'off', true)
    """
}
