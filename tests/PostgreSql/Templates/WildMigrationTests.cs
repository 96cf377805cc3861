using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>Migrations as others write them, each for one construct or habit: where they can be run, and whether what comes of it holds.</summary>
/// <remarks>What is expected is what is right, but for what is known to be wrong. build/isolation.sh makes the table of docs/isolation.md of it.</remarks>
public sealed class WildMigrationTests(TestServer server, ITestOutputHelper output)
{
    private const string Schema = "schema";
    private const string Database = "database";
    private const string Neither = "neither";

    /// <summary>Files of which it is known that what comes of them is wrong, and how.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Wrong = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["98_dblink_to_itself"] = "in each clone the server leads to the template",
    };

    /// <summary>The file; the best isolation that its objects allow; why not a better one; its user-defined types; why a used slot is retired.</summary>
    public static TheoryData<string, string, string, string, string> Expected => new()
    {
        { "01_range_partitions", Schema, "", "", "" },
        { "02_list_partitions", Schema, "", "", "" },
        { "03_hash_partitions", Schema, "", "", "" },
        { "04_sub_partitions", Schema, "", "", "" },
        { "05_inherited_tables", Schema, "", "", "" },
        { "06_exclusion_constraints", Schema, "", "", "it changed rows of the index public.bookings_do_not_overlap, whose kind (gist) comes out otherwise each time" },
        { "07_domains", Schema, "", "domain country_code, domain email, domain quantity, domain tags, domain work_email", "" },
        { "08_composite_types", Schema, "", "composite order_line, composite postal_address, composite price", "" },

        { "09_range_types", Schema, "", "range time_range, range tolerance", "it changed rows of the index public.opening_hours_int4range_open_excl, whose kind (gist) comes out otherwise each time" },

        { "10_enum_add_value", Schema, "", "enum channel, enum order_status", "" },
        { "11_generated_columns", Schema, "", "", "" },
        { "12_identity_columns", Schema, "", "", "" },
        { "13_materialized_views", Schema, "", "", "" },
        { "14_rules", Schema, "", "", "" },
        { "15_row_level_security", Schema, "", "", "" },
        { "16_sql_standard_bodies", Schema, "", "", "" },
        { "17_procedures", Schema, "", "", "" },
        { "18_aggregates", Schema, "", "", "" },
        { "19_operators", Schema, "", "composite semver", "" },
        { "20_text_search", Schema, "", "", "" },
        { "21_foreign_tables_postgres", Database, "outside the schema they are run into, where all tests would share them: server shop_server", "", "" },
        { "22_foreign_tables_file", Database, "42710 (duplicate_object): server \"log_files\" already exists", "", "" },
        { "23_statistics", Schema, "", "", "" },
        { "24_event_triggers", Database, "outside the schema they are run into, where all tests would share them: event trigger note_ddl", "", "" },
        { "25_publications", Database, "outside the schema they are run into, where all tests would share them: publication warehouse_changes", "", "" },
        { "26_publication_for_all_tables", Database, "42710 (duplicate_object): publication \"everything\" already exists", "", "its reset failed: cannot delete from table \"measurements\" because it does not have a replica identity and publishes deletes" },
        { "27_comments", Schema, "", "domain holiday_label, enum holiday_kind", "" },
        { "28_roles_and_grants", Schema, "", "enum pay_grade", "" },

        { "29_grants_in_schema_public", Database, "in the schema public, and would do nothing in another: \"in schema public\" in 29_grants_in_schema_public.sql", "", "" },

        { "30_default_privileges", Database, "outside the schema they are run into, where all tests would share them: default privileges of postgres in all schemas", "", "" },

        { "31_collations", Schema, "", "domain login", "" },

        { "32_casts", Schema, "", "composite ticket_weight, enum ticket_state", "" },

        { "33_casts_between_built_in_types", Database, "42710 (duplicate_object): cast from type integer to type json already exists", "", "" },
        { "34_conversions", Schema, "", "", "" },
        { "35_extension_pgcrypto", Schema, "", "", "" },
        { "36_extension_citext", Schema, "", "", "" },
        { "37_extension_hstore", Schema, "", "", "it changed rows of the index public.gadgets_attrs_gist, whose kind (gist) comes out otherwise each time" },
        { "38_extension_uuid_ossp", Schema, "", "", "" },
        { "39_extension_pg_trgm", Schema, "", "", "it changed rows of the index public.streets_name_gist, whose kind (gist) comes out otherwise each time" },
        { "40_extensions_of_science", Schema, "", "", "it changed the rows of public.assays, which are too many to write again, or a view's" },
        { "41_extension_in_its_own_schema", Database, "outside the schema they are run into, where all tests would share them: schema extensions", "", "" },
        { "42_extension_in_a_do_block", Database, "42883 (undefined_function): function soundex(text) does not exist", "", "" },

        { "43_extension_created_anew", Schema, "", "", "" },

        { "44_large_objects", Database, "outside the schema they are run into, where all tests would share them: large object", "", "it changed what pg_largeobject_metadata, pg_largeobject lists" },
        { "45_row_and_statement_triggers", Schema, "", "", "it changed the rows of public.audit_entries" },
        { "46_constraint_triggers", Schema, "", "", "" },
        { "47_instead_of_triggers", Schema, "", "", "" },
        { "48_transition_tables", Schema, "", "", "" },
        { "49_deferred_and_cyclic_foreign_keys", Schema, "", "", "" },
        { "50_sequences", Schema, "", "", "" },
        { "51_unlogged_tables", Schema, "", "", "" },
        { "52_storage_parameters", Schema, "", "", "" },
        { "53_views", Schema, "", "", "" },
        { "54_functions_with_search_path_of_their_own", Schema, "", "", "" },

        { "55_functions_pinned_to_public", Database, "Functions look for names outside the schema they are in: test_2.transfer(integer,integer,numeric) has the search path public", "", "" },

        { "56_function_bodies_that_name_public", Database, "Functions look for names outside the schema they are in: test_2.log_stock() names public.stock_log", "", "" },

        { "57_hard_coded_public", Database, "42P07 (duplicate_table): relation \"animals\" already exists", "enum visit_kind", "" },
        { "58_hard_coded_public_if_not_exists", Database, "outside the schema they are run into, where all tests would share them: function public.is_on, relation public.feature_flags, relation public.flag_audit, relation public.flag_audit_id_seq", "", "" },
        { "59_pg_dump", Database, "42723 (duplicate_function): function \"film_count\" already exists with same argument types", "", "" },
        { "60_several_schemas", Database, "42P06 (duplicate_schema): schema \"billing\" already exists", "", "" },
        { "61_cross_schema_references", Database, "outside the schema they are run into, where all tests would share them: function geo.country_name, relation geo.countries, relation geo.regions, schema geo", "", "" },
        { "62_search_path_in_the_script", Database, "outside the schema they are run into, where all tests would share them: relation kitchen.recipes, relation kitchen.steps, relation public.ratings, schema kitchen", "", "" },
        { "63_table_moved_to_another_schema", Database, "42P07 (duplicate_table): relation \"visitors\" already exists in schema \"attic\"", "", "" },
        { "64_type_guarded_by_its_name", Database, "42704 (undefined_object): type \"delivery_state\" does not exist", "enum delivery_state", "" },
        { "65_type_guarded_by_an_exception", Schema, "", "domain iban, enum payment_kind", "" },

        { "66_enum_value_guarded_by_its_label", Database, "the migrations do not make them alike; only one has \"type ticket_priority: e f {low,normal,urgent}\", and only another \"type ticket_priority: e f {low,normal}\"", "enum ticket_priority", "" },

        // psql runs it, to which each statement is a transaction; with the line that is asked for it is a schema.
        { "67_enum_value_in_a_do_block", Neither, "A file is one transaction: begin it with the line \"-- no-transaction\"", "", "" },

        { "68_policy_guarded_by_its_name", Database, "the migrations do not make them alike; only one has \"policy own_notes of notes", "", "" },

        { "69_column_guarded_by_its_name", Database, "the migrations do not make them alike; only one has \"column boats.length_m", "", "" },

        { "70_column_type_guarded_by_its_name", Database, "the migrations do not make them alike; only one has \"column counters.value: 2 bigint", "", "" },

        { "71_column_guarded_in_public", Database, "in the schema public, and would do nothing in another: \"table_schema = 'public'\" in 71_column_guarded_in_public.sql", "", "" },

        { "72_guards_that_know_their_schema", Schema, "", "enum lamp_state", "" },
        { "73_loop_that_makes_triggers", Database, "the migrations tie them together: test_1.authors uses test_2.set_updated_at, test_1.books uses test_2.set_updated_at", "", "" },

        { "74_loop_that_makes_policies", Database, "the migrations tie them together: test_1.deals uses test_2.tenant, test_1.leads uses test_2.tenant", "", "" },

        { "75_rows_from_the_catalogue", Database, "the migrations do not make them alike; only one has \"rows of exportable: 2\", and only another \"rows of exportable: 4\"", "", "" },

        { "76_partitions_guarded_by_their_name", Database, "the migrations do not make them alike; only one has \"column payslips_2024_01.cents", "", "" },
        { "77_create_or_replace_again", Schema, "", "", "" },
        { "78_copy_from_stdin", Schema, "", "", "" },
        { "79_database_settings", Schema, "", "", "" },
        { "80_hard_coded_database_name", Neither, "3D000 (invalid_catalog_name): database \"travel_agency\" does not exist", "", "" },

        // Refused from the second building on, on whichever server: the first one leaves its roles behind.
        { "81_role_without_a_guard", Neither, "Roles belong to the whole server, and stay there when a database is dropped: look in pg_roles before you create one", "", "" },

        { "82_set_role", Database, "42P07 (duplicate_table): relation \"parking_lots\" already exists", "", "" },
        { "83_concurrent_indexes", Schema, "", "", "" },
        { "84_odd_identifiers", Schema, "", "domain data, enum Weird Type", "" },
        { "85_entity_framework", Schema, "", "", "" },

        { "86_temporary_table", Schema, "", "", "" },

        { "87_temporary_table_if_not_exists", Schema, "", "", "" },

        { "88_prepared_statements", Schema, "", "", "" },

        // psql runs it, to which each statement is a transaction; with the line that is asked for it is a schema.
        { "89_backfill_with_commits", Neither, "A file is one transaction: begin it with the line \"-- no-transaction\"", "", "" },

        { "90_notifications_and_advisory_locks", Schema, "", "", "" },
        { "91_merge_and_select_into", Schema, "", "", "" },
        { "92_functions_that_call_functions", Schema, "", "", "" },

        { "93_loop_that_changes_rows", Database, "the migrations write rows into tables of another one: drinks, menu_items", "", "" },

        { "94_public_dropped_and_made_again", Schema, "", "", "" },

        { "95_text_search_named_in_a_trigger", Database, "Functions look for names outside the schema they are in: trigger dishes_document of test_2.dishes names public.recipes_search", "", "" },

        { "96_dangling_names_in_text", Schema, "", "", "" },
        { "97_copied_table_definitions", Schema, "", "", "it changed rows of the index public.contracts_valid, whose kind (gist) comes out otherwise each time" },

        { "98_dblink_to_itself", Database, "server own_database", "", "" },

        { "99_text_search_guarded_by_its_name", Database, "the migrations do not make them alike; only one has \"text search configuration film_search", "", "" },
    };

    public static IEnumerable<TheoryDataRow<string, string>> ExpectedOfSchemas
        => Expected.Where(row => row.Data.Item2 == Schema).Select(row => new TheoryDataRow<string, string>(row.Data.Item1, row.Data.Item5));

    // What comes out otherwise since PostgreSQL 17: values of an enum that the same transaction has made can be used in it, and the functions of an index are run
    // with "pg_catalog, pg_temp" for a search path when it is built, wherever that is.
    private static readonly Dictionary<string, (string Isolation, string Reason, string Types)> Since17 = new(StringComparer.Ordinal)
    {
        ["67_enum_value_in_a_do_block"] = (Schema, "", "enum leave_kind"),
        ["92_functions_that_call_functions"] = (Neither, "42883 (undefined_function): function unaccent(unknown, text) does not exist", ""),
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public async Task Wild_migrations_are_isolated_or_refused_with_the_reason(string file, string isolation, string reason, string types, string retired)
    {
        Assert.SkipWhen(Wrong.ContainsKey(file), "Known to be wrong.");
        Assert.SkipWhen(server.Postgres.Description.MajorVersion < 15, "They use what PostgreSQL 15 brought.");

        if (server.Postgres.Description.MajorVersion >= 17 && Since17.TryGetValue(file, out var since17))
            (isolation, reason, types) = since17;

        var outcome = await new WildMigration(server, file).RunAsync();

        output.WriteLine(outcome.ToString());
        Assert.Multiple(
            () => Assert.Equal(isolation, outcome.Isolation),
            () => Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal),
            () => Assert.Equal(types, outcome.Types),
            () => Assert.Equal("", outcome.CopyDifferences),
            () => Assert.Equal("", outcome.TemplateNames),
            () => AssertUse(outcome.Use, retired));
    }

    [Theory]
    [Trait("Run", "All")]
    [MemberData(nameof(ExpectedOfSchemas))]
    public async Task A_slot_of_a_schema_comes_out_as_that_of_the_database(string file, string retired)
    {
        Assert.SkipWhen(server.Postgres.Description.MajorVersion < 15, "They use what PostgreSQL 15 brought.");
        Assert.SkipWhen(server.Postgres.Description.MajorVersion >= 17 && Since17.TryGetValue(file, out var since17) && since17.Isolation != Schema, "No schema since PostgreSQL 17.");

        AssertUse(await new WildMigration(server, file).UseSchemaAsync(), retired);
    }

    private static void AssertUse(WildUse? use, string retired)
    {
        if (use is null)
            return;

        Assert.Multiple(
            () => Assert.Equal("", use.Unlike),
            () => Assert.Contains(retired, use.Retired, StringComparison.Ordinal),
            () => Assert.Equal(retired.Length > 0, use.Retired.Length > 0),
            () => Assert.Equal("", use.ResetUnlike));
    }

    [Fact]
    public void Every_wild_migration_has_its_expectation()
    {
        var files = Directory.EnumerateFiles(WildMigration.Folder, "*.sql").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

        Assert.Equal(files, Expected.Select(row => row.Data.Item1), StringComparer.Ordinal);
    }
}
