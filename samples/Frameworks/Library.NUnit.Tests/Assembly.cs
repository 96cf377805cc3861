// Every test at once with every other, so each has an instance, and a lease, of its own.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
