"""What Portuguese words of orders, limits and the guard mean to the interpreter; accents do not matter."""

PHRASES = {
    "do:panic": (
        "panico|modo panico|parada de panico|parada do panico|parada de emergencia|emergencia|freio de emergencia"
        "|para tudo agora|pare tudo agora"
        "|parem tudo agora|para tudo ja|pare tudo ja|pare tudo imediatamente|para tudo imediatamente"
        "|interrompa tudo agora|interrompe tudo agora|trava tudo|trave tudo|trava tudo agora|trave tudo agora"
        "|desliga tudo agora|desligue tudo agora|puxa a tomada|puxe a tomada|entre em panico|entra em panico"
        "|nenhuma entrada em lugar nenhum|pare todas as entradas|para todas as entradas|pare todas as entradas agora"
        "|nenhuma entrada mais|encerra tudo agora|encerre tudo agora|bloqueia tudo agora|bloqueie tudo agora"
        "|para de operar tudo|pare de operar tudo|acabou para tudo|chega para tudo|parada total|para geral|trava geral"
        "|congela tudo agora|congele tudo agora|botao de panico|botao do panico|botao de emergencia"
    ),
    "panic": (
        "panico|modo panico|botao de panico|o botao de panico|botao do panico|parada de emergencia|emergencia"
        "|botao de emergencia|freio de emergencia|botao vermelho|a parada de emergencia|modo de emergencia"
        "|modo de panico|parada de panico|parada do panico|a parada de panico"
        "|panico acabou|o panico acabou|acabou o panico|passou o panico|o panico passou"
        "|a emergencia acabou|acabou a emergencia|a emergencia passou"
    ),
    "do:press": "aperte|aperta|apertar|pressione|pressiona|pressionar|puxe|puxa|puxar|bata no|bate no",
    "do:release": (
        "levante|levanta|levantar|solte|solta|soltar|revogue|revoga|acabe com|acaba com|panico acabou|o panico acabou"
        "|acabou o panico|passou o panico|o panico passou|a emergencia acabou|acabou a emergencia|a emergencia passou"
    ),
    "particle:enter": (
        "voltar a operar|operar de novo|entrar de novo|voltar a entrar|operar novamente|voltar a negociar"
        "|entrar em operacoes|voltar a comprar|entrar novamente|comprar de novo|volte a operar|volta a operar"
        "|volte a entrar|volta a entrar|abrir operacoes de novo|entrar em novas operacoes"
    ),
    "do:resume": (
        "retome as entradas do|retome as entradas|libere as entradas do|libera as entradas do|tira a pausa do"
        "|tire a pausa do|tirar a pausa do|libere as entradas|acaba a pausa do|encerre a pausa do|encerra a pausa do"
        "|retoma as entradas do|retoma as entradas"
    ),
    "do:close": (
        "feche|fecha|fechar|saia de|sai de|sair de|saia do|sai do|desfaca a posicao|desfaz a posicao|encerre a posicao"
        "|encerra a posicao|encerrar a posicao|encerre o trade|encerra o trade|fecha o trade|feche o trade"
        "|encerra a operacao|encerrar a operacao|desfaca a operacao|desove|desova|despeje|zere a posicao|zera a posicao"
        "|realize o lucro de|realiza o lucro de"
    ),
    "do:sell": (
        "zere|zera|zerar|vende tudo|venda tudo|vender tudo|liquide tudo|liquida tudo|fechar tudo|vendendo tudo"
        "|fecha as posicoes|fecha as operacoes|fecha a posicao|fecha todas as posicoes|fecha todas as operacoes"
    ),
    "do:cancel": (
        "cancele|cancela|cancelar|cancele a|cancela a|cancele as|cancela as|anule|anula|anular|desfaca|desfaz"
        "|cancele todas as|cancela todas as|tire a ordem|tira a ordem|retire a ordem"
    ),
    "order": (
        "ordem|ordens|ordem aberta|ordens abertas|ordem limite|ordem limitada|ordem de compra|ordens de compra"
        "|ordem pendente|ordens pendentes|ordem de entrada|tire a ordem|tira a ordem|retire a ordem|ordem de venda"
    ),
    "position": (
        "posicao|posicoes|operacao|operacoes|trade|trades|operacao aberta|operacoes abertas|posicao aberta"
        "|posicoes abertas|tudo|tudo o que|tudo que"
    ),
    "part": "metade|metade de|metade do|metade da|parte de|parte do|um terco|um terco de|um quarto de|um pedaco de",
    "filler": (
        "segura|possui|tem em carteira|tem comprado|a mercado|no mercado|a preco de mercado|o preco de mercado|perder"
        "|perca|perco|perde|exposto|pendente|pendentes|linhas|linha|restante|a partir de agora|de agora em diante"
        "|daqui em diante|daqui pra frente|a partir de hoje"
    ),
    "outof": "fora de|fora do|fora da|longe de|longe do|longe da",
    "backin": (
        "de volta em|de volta para|de volta pra|de volta no|voltar para|voltar pra|voltar pro|voltar ao|de volta ao"
    ),
    "do:lock": "trave|trava|travar|tranque|tranca|trancar|suspenda o par|suspende o par|barre",
    "do:unlock": "destrave|destrava|destravar|destranque|destranca|destrancar|tire a trava de|tira a trava de",
    "lasts:60": "por uma hora|durante uma hora",
    "lasts:1440": "por um dia|durante um dia|pelo resto do dia|por hoje",
    "lasts:30": "por meia hora|durante meia hora",
    "lasts:10080": "por uma semana|durante uma semana",
    "do:block": (
        "bloqueie|bloqueia|bloquear|proiba|proibe|proibir|nunca opere|nunca opera|nunca negocie|nunca compre|nao opere"
        "|nao negocie|nao opera|nao negocia|jamais opere|jamais negocie|nunca mais opere|nunca mais negocie"
        "|nao mexa com|nao mexe com|fique longe de|fica longe de|nunca mexa com|nenhum bot opera|nenhum bot pode operar"
        "|ninguem opera|nao quero operar|nao quero nenhum bot em|nao deixe nenhum bot operar|vete|veta"
        "|nunca mais compre|nunca quero operar|nunca quero comprar|nunca quero negociar|por favor nao opere"
        "|por favor nunca opere|nao opere mais|nao negocie mais|nunca mais quero operar"
    ),
    "do:unblock": (
        "desbloqueie|desbloqueia|desbloquear|libere|libera|liberar|permita|permite|permitir|reabra|reabre"
        "|tire o bloqueio de|tira o bloqueio de|autorize o par"
    ),
    "do:only": (
        "so opere|opere so|so negocie|negocie so|opere apenas|apenas opere|opere somente|somente opere|permita so"
        "|so permita|permita apenas|libere so|libera so|so libere|libere apenas|so opera|opera so|restrinja os pares a"
        "|limite os pares a|restrinja as operacoes a|so compre|compre so|compre apenas|negocie apenas|negocie somente"
        "|permita somente|libere somente"
    ),
    "do:limit": (
        "limite|limita|limitar|restrinja|restringe|restringir|nunca perca mais de|nunca perca mais que"
        "|nao perca mais de|nao perca mais que|nao quero perder mais de|nao quero perder mais que"
        "|nao posso perder mais de|nao posso perder mais que|nao deixe perder mais de|nao deixe eu perder mais de"
        "|nao deixa eu perder mais de|nao me deixe perder mais de|nao me deixa perder mais de|nenhuma operacao acima de"
        "|nenhuma operacao maior que|nenhum trade acima de|nenhum trade maior que|aperte|aperta"
        "|nao quero operacao acima de|nao quero operacoes acima de|nenhuma operacao maior do que"
    ),
    "lim:max_daily_loss": (
        "perda diaria|perda diaria maxima|perda maxima diaria|perda do dia|perda por dia|perda maxima por dia"
        "|limite de perda diaria|limite diario de perda|prejuizo diario|prejuizo por dia|perdas diarias|por dia|ao dia"
        "|prejuizo maximo por dia|perda maxima do dia|limite de perda do dia|maxima perda diaria|em um dia|num dia"
        "|prejuizo diario maximo|perda no dia|limite de perda por dia|limite de perdas diarias"
    ),
    "lim:max_drawdown": (
        "drawdown|drawdown maximo|maximo drawdown|limite de drawdown|rebaixamento|rebaixamento maximo|queda maxima"
        "|queda maxima do pico"
    ),
    "lim:max_loss_streak": (
        "perdas seguidas|perdas em sequencia|perdas consecutivas|sequencia de perdas|perdas em seguida"
        "|operacoes perdedoras seguidas|prejuizos seguidos|losses seguidos|operacoes perdidas seguidas"
    ),
    "lim:max_entries_per_minute": (
        "entradas por minuto|ordens por minuto|operacoes por minuto|trades por minuto|compras por minuto"
    ),
    "lim:max_entries_per_hour": "entradas por hora|ordens por hora|operacoes por hora|trades por hora|compras por hora",
    "lim:reentry_cooldown_s": (
        "tempo de espera|espera para reentrar|espera antes de reentrar|espera para entrar de novo|cooldown"
        "|tempo de reentrada|espera de reentrada|intervalo de reentrada|carencia"
    ),
    "lim:max_trade": (
        "maior operacao|operacao maxima|maximo por operacao|limite por operacao|valor maximo por operacao|maior trade"
        "|maximo por trade|limite por trade|tamanho maximo da operacao|cada operacao|por operacao|por trade"
        "|nenhuma operacao acima de|nenhuma operacao maior que|nenhum trade acima de|nenhum trade maior que"
        "|nao quero operacao acima de|nao quero operacoes acima de|nenhuma operacao maior do que|cada trade"
        "|tamanho da operacao|tamanho das operacoes|qualquer operacao|uma operacao"
    ),
    "lim:max_bot_exposure": (
        "por bot|cada bot|exposicao por bot|exposicao do bot|limite por bot|maximo por bot|exposicao de cada bot"
        "|por robo|cada robo|exposicao maxima por bot"
    ),
    "lim:max_total_exposure": (
        "exposicao total|no total|total|ao todo|limite total|maximo total|exposicao maxima|exposicao maxima total"
        "|exposicao total maxima|todos os bots juntos|somando todos|em todos os bots|todos juntos|exposicao geral"
        "|todos os bots"
    ),
    "lim:exposure": "exposicao",
    "lim:max_open_trades": (
        "operacoes abertas|maximo de operacoes abertas|trades abertos|posicoes abertas|limite de operacoes abertas"
        "|operacoes simultaneas|operacoes ao mesmo tempo|trades simultaneos"
    ),
    "see:limits": (
        "perda diaria|perda diaria maxima|limite de perda diaria|limite diario de perda|drawdown maximo"
        "|limite de drawdown|entradas por minuto|entradas por hora|exposicao por bot|exposicao total|limite por bot"
        "|maximo por operacao|limite por operacao|pares liberados|pares permitidos|limite por trade|perdas seguidas"
        "|limite total|maximo total|maximo por bot|exposicao maxima|maior operacao|operacao maxima|maior trade"
        "|valor maximo por operacao"
    ),
    "see:refused": (
        "recusou|recusa|recusas|recusado|recusada|recusados|recusadas|recusando|rejeitou|rejeitada|rejeitadas|rejeicoes"
        "|ordens recusadas|barrou|barrada|barradas|negou|nao deixou passar|status do guarda|o que o guarda fez"
        "|o que o guarda esta fazendo|guarda bloqueou|guarda barrou|ordens barradas|relatorio do guarda"
        "|o guarda recusou|o guarda rejeitou|o guarda barrou|o guarda bloqueou|o guarda negou|o guarda nao deixou"
        "|status do o guarda|o guarda fez|o guarda impediu|o guarda nao deixou passar"
    ),
    "see:live": (
        "posso operar de verdade|posso operar com dinheiro real|posso operar pra valer|posso operar para valer"
        "|posso operar com dinheiro de verdade|ja posso operar de verdade|ja posso operar com dinheiro real"
        "|da para operar de verdade|da pra operar de verdade|da para operar com dinheiro real"
        "|da pra operar com dinheiro real|pronto para dinheiro real|pronto para operar de verdade"
        "|pronto pra operar de verdade"
        "|pronta para operar de verdade|pronto para operar com dinheiro real|prontos para operar de verdade"
        "|pronto pra dinheiro real|dinheiro real esta pronto|o dinheiro real esta pronto|status do dinheiro real"
        "|status de o dinheiro real|situacao do dinheiro real|chave da corretora|a chave da corretora"
        "|chave de a corretora"
        "|a chave de a corretora|minha chave da corretora|minha chave de a corretora|chave da binance"
        "|minha chave da binance"
        "|chave de a binance|minha chave de a binance|a chave esta ok|minha chave esta ok|posso ligar o dinheiro real"
        "|operar de verdade ja e possivel|e possivel operar de verdade|e possivel operar com dinheiro real"
    ),
    "see:held": (
        "guarda pausou|pausado pelo guarda|pausados pelo guarda|guarda parou|guarda segurou|guarda suspendeu|disjuntor"
        "|disjuntores|pausou pelo guarda|pelo guarda|o guarda pausou|o guarda parou|o guarda segurou|o guarda suspendeu"
        "|o guarda travou"
    ),
    "see:proposals": (
        "proposta|propostas|propostas abertas|propostas pendentes|confirmacoes pendentes|confirmacoes|falta confirmar"
        "|para confirmar|pra confirmar|preciso confirmar|tenho que confirmar|esperando por mim"
        "|esperando minha confirmacao|esperando a minha confirmacao|aguardando confirmacao|aguardando minha confirmacao"
        "|espera minha confirmacao|aguardando aprovacao|para aprovar|pra aprovar|minha aprovacao|a proposta|pendencias"
        "|espera por mim|esperando a minha palavra|esperando minha palavra|pendente|pendentes|o que esta pendente"
        "|o que falta"
    ),
    "confirm": (
        "confirmo|confirma|confirme|confirmar|confirmado|aprovo|aprova|aprove|aprovado|autorizo|autoriza|autorize"
        "|confirma isso|confirme isso|confirmo sim|sim confirmo|confirma ai|pode confirmar|pode aprovar"
        "|aceito a proposta|confirma a proposta|confirme a proposta|aprova a proposta|aprove a proposta|confirma tudo"
        "|aprova tudo|eu confirmo|eu aprovo|clica em confirmar|aperta confirmar"
    ),
    "yes": "confirme|aprovo|autorizo|aprovado|confirmo sim|sim confirmo|eu confirmo|eu aprovo|confirma isso",
    "deny": (
        "nego|nega isso|negue|recuse|recuso|recusa isso|recusa a proposta|recuse a proposta|negue a proposta"
        "|nega a proposta|rejeite|rejeita|rejeito"
    ),
    "see:log": "log|logs|o log|os logs|arquivo de log|linhas do log|registro|registros|log do bot|saida do bot",
    "see:source": (
        "codigo|o codigo|codigo fonte|o codigo fonte|codigo da estrategia|codigo da|fonte|o fonte|fonte da estrategia"
        "|codigo python|implementacao|script"
    ),
    "sells": "e vende tudo|e venda tudo|e vender tudo|e vende todas",
    "max": "maxima|maximas|maximos|abaixo de|nao mais do que|no maximo de",
    "do:buy": (
        "entre em|entra em|entrar em|entre no|entra no|force uma entrada|forca uma entrada|force a entrada"
        "|forcar uma entrada|force entrada|force a compra|force uma compra"
    ),
    "do:stay": "ficar|fique|fica|permaneca|permanece",
    "shut": (
        "lista de bloqueados|pares bloqueados|bloqueados|lista negra|lista de bloqueio|lista de pares bloqueados"
        "|bloqueado|pares proibidos|lista de proibidos"
    ),
}
