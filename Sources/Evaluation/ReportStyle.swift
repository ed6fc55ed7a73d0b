extension ReportPage {
  /// The style of the page: light or dark as the reader has it, and for paper.
  static let style: Markup = """

    :root{--paper:#fff;--panel:#f6f7f9;--ink:#1b2330;--soft:#596476;--rule:#dfe3e9;--link:#1f5fa8;
    --model:31,95,168;--wrong:200,92,30;--linear:#c2570c;--majority:#8a94a3;--flag:#8a5a00;--on-deep:#fff}
    @media (prefers-color-scheme:dark){:root{--paper:#12161c;--panel:#1a2028;--ink:#e4e8ee;--soft:#9aa5b5;
    --rule:#2b333f;--link:#82b4ee;--model:96,158,226;--wrong:224,128,72;--linear:#f0995a;--majority:#78828f;
    --flag:#e0b050;--on-deep:#0c1016}}
    *{box-sizing:border-box}
    html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC",
    "PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
    a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    main{max-width:68rem;margin:0 auto;padding:2rem 1.5rem 4rem;min-width:0}
    .kind{margin:0;color:var(--soft);font-size:13px}
    h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem;overflow-wrap:anywhere}
    h2{font-size:1.2rem;margin:2.6rem 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--rule)}
    h3{font-size:1.05rem;margin:0;display:inline}
    h4{font-size:1rem;margin:1.6rem 0 .6rem}
    h5{font-size:.9rem;margin:1.6rem 0 .2rem}
    header p{margin:0;color:var(--soft);max-width:46rem}
    nav{padding:1.2rem 1.5rem;background:var(--panel);border-bottom:1px solid var(--rule);font-size:13.5px}
    nav ul{list-style:none;margin:0;padding:0}
    nav .parts{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin-bottom:.5rem}
    nav .corpora{columns:13rem;column-gap:2rem}
    nav .corpora li{display:flex;justify-content:space-between;gap:.6rem;break-inside:avoid}
    nav a{overflow-wrap:anywhere}.number{color:var(--soft)}
    .wide{overflow-x:auto}
    table{border-collapse:collapse;font-size:14px}
    caption,figcaption,.how{text-align:left;color:var(--soft);font-size:13px;line-height:1.45;max-width:min(46rem,calc(100vw - 1.8rem))}
    caption{padding:0 0 .5rem}figure caption,strong{color:var(--ink);font-weight:600}caption b,figcaption b{color:var(--ink);font-weight:600}
    th{font-weight:400;text-align:left;vertical-align:top}
    td{text-align:right;vertical-align:top}
    th,td{padding:.22rem .9rem .22rem 0}
    thead th{color:var(--soft);font-size:13px;vertical-align:bottom;text-align:right}
    thead th:first-child,.figures thead th:nth-child(2),th.drawn{text-align:left}
    thead tr,tfoot tr:first-child{border-bottom:1px solid var(--rule)}
    tfoot tr:first-child{border-bottom:0;border-top:1px solid var(--rule)}
    small{font-size:12px;color:var(--soft);white-space:nowrap}
    .figure{font-weight:600}.figure small{font-weight:400;display:block;line-height:1.1}
    .figures tbody+tbody{border-top:1px solid var(--rule)}
    .figures th small{display:block;line-height:1.1}
    .figures{width:100%;max-width:58rem}.drawn{width:50%;min-width:6rem;padding-right:1.2rem}.figures th{white-space:nowrap}
    .figures th[scope=rowgroup]{white-space:normal;overflow-wrap:break-word}
    svg{display:block}svg text{font-size:12px;fill:var(--soft)}
    svg.bar{width:100%;height:20px}svg.bar.axis{height:18px}
    svg.plot{width:100%;max-width:340px;height:auto}
    svg .axis{fill:var(--soft)}
    .grid{stroke:var(--rule);fill:none}
    rect.model{fill:rgb(var(--model));opacity:.8}
    circle.model{fill:rgb(var(--model));fill-opacity:.75;stroke:var(--paper)}
    .whisker{stroke:var(--ink);stroke-width:1.3;fill:none}
    circle.linear{fill:var(--paper);stroke:var(--linear);stroke-width:1.6}
    .majority{stroke:var(--majority);stroke-width:2.2}
    .diagonal{stroke:var(--soft);stroke-dasharray:3 3;fill:none}
    .gap{stroke:rgb(var(--model));stroke-opacity:.45;stroke-width:1.5}
    .line{stroke:rgb(var(--model));stroke-width:1.6;fill:none}
    summary{cursor:pointer}
    .words{margin-top:1rem;font-size:14px;color:var(--soft)}
    .words dl{display:grid;grid-template-columns:max-content minmax(0,42rem);gap:.3rem 1.2rem;margin:.6rem 0 0}
    .words dt{color:var(--ink)}.words dd{margin:0}
    .corpus{border-bottom:1px solid var(--rule)}
    .corpus>summary{padding:.55rem 0}
    .corpus[open]{padding-bottom:1.5rem}
    .facts{color:var(--soft);font-size:13px;margin:0 .8rem 0 .4rem}
    .head{font-size:13px;color:var(--soft);white-space:nowrap;margin-right:.8rem}.head b{color:var(--ink);font-weight:600}
    .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.6rem 2.4rem;align-items:start}
    figure{margin:0;min-width:0}
    figcaption{margin-top:.4rem}
    .confusion td{padding:.35rem .6rem;text-align:center;border:2px solid var(--paper);min-width:4.2rem}
    .confusion thead th{text-align:center;padding:.2rem .4rem}
    .confusion tbody th{vertical-align:middle}
    .confusion small{display:block;line-height:1.15}
    .right{background:rgba(var(--model),calc(var(--share)*.9))}
    .wrong{background:rgba(var(--wrong),calc(var(--share)*.9))}
    .deep,.deep small{color:var(--on-deep)}
    .rows{margin:.5rem 0 0;padding-left:2.1rem}
    .rows>li{padding:.55rem 0;border-top:1px solid var(--rule)}
    .rows>li::marker{color:var(--soft);font-size:13px}
    .rows p{margin:0}
    .verdict{font-size:13.5px;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem}
    .verdict code{margin-left:auto;color:var(--soft);font-size:12px;overflow-wrap:anywhere}
    .one{overflow-wrap:anywhere}.one i{color:var(--soft)}
    .said{margin-left:.8rem;color:rgb(var(--wrong))}.said i{color:inherit}
    .flag{margin-left:.6rem;color:var(--flag);border:1px solid;border-radius:3px;padding:0 .3rem;font-size:12px;white-space:nowrap}
    .doubtful .flag{display:none}
    .text{white-space:pre-wrap;overflow-wrap:anywhere;overflow:hidden;max-width:52rem;padding:.15rem 0}
    .rest summary{color:var(--soft);font-size:13px}
    :target{background:rgba(var(--model),.08)}
    @media (min-width:76rem){body{display:grid;grid-template-columns:15.5rem minmax(0,1fr)}
    nav{position:sticky;top:0;height:100vh;overflow-y:auto;border-bottom:0;border-right:1px solid var(--rule);padding:2rem 1.2rem}
    nav .parts{display:block;margin-bottom:1.2rem}nav .corpora{columns:auto}}
    @media (max-width:36rem){main{padding:1.2rem .9rem 3rem}nav{padding:.9rem}
    .words dl{grid-template-columns:minmax(0,1fr)}.words dd{margin-bottom:.4rem}
    .drawn{padding-right:.6rem}th,td{padding-right:.5rem}.confusion td{min-width:2.9rem;padding:.3rem .1rem}.confusion thead th{white-space:normal;min-width:2.9rem;padding:.2rem .1rem}.rows{padding-left:1.5rem}.said{margin-left:.4rem}}
    @media print{:root{--paper:#fff;--panel:#fff;--ink:#000;--soft:#444;--rule:#ccc}
    @page{margin:1.5cm}body{display:block;font-size:10pt}nav{display:none}main{max-width:none;padding:0}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
    details::details-content{content-visibility:visible;height:auto}.wide{overflow:visible}
    figure,tr{break-inside:avoid}h3,h4,h5,.verdict{break-after:avoid}}

    """
}
