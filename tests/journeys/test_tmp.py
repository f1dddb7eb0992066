import cProfile,pstats,time
def test_a(make_app):
    make_app().test_client().get("/en/search?q=falls")
    p=cProfile.Profile(); p.enable(); t=time.process_time(); a=make_app();t1=time.process_time(); a.test_client().get("/en/search?q=falls"); p.disable()
    print(t1-t, time.process_time()-t1)
    pstats.Stats(p).sort_stats("cumtime").print_stats(45)
